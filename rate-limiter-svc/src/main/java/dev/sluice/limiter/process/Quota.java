package dev.sluice.limiter.process;

import dev.sluice.limiter.store.BucketKey;
import java.time.Duration;
import java.util.Objects;

/**
 * A bucket's terms as its users see them.
 *
 * @param policy the policy's name, {@code inline} for terms that came with the request
 * @param burst the most permits at once
 * @param window how long an empty bucket takes to be full
 */
public record Quota(String policy, long burst, Duration window) {

  static Quota of(BucketKey bucket) {
    return new Quota(
        Objects.requireNonNullElse(bucket.policy(), "inline"),
        bucket.limit().burst(),
        bucket.limit().fillTime());
  }
}
