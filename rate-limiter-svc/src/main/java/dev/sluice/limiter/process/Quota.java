package dev.sluice.limiter.process;

import dev.sluice.limiter.store.LimitKey;
import java.time.Duration;
import java.util.Objects;

/**
 * A limit as its users see it.
 *
 * @param policy the policy's name, {@code inline} for terms that came with the request
 * @param permits the most permits at once
 * @param window the longest time until all of them are there again
 */
public record Quota(String policy, long permits, Duration window) {

  static Quota of(LimitKey key) {
    return new Quota(
        Objects.requireNonNullElse(key.policy(), "inline"),
        key.limit().permits(),
        key.limit().window());
  }
}
