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
  static final String INLINE = "inline";

  static Quota of(LimitKey key) {
    return new Quota(nameOf(key), key.limit().permits(), key.limit().window());
  }

  /** What the limit is called. */
  static String nameOf(LimitKey key) {
    return Objects.requireNonNullElse(key.policy(), INLINE);
  }
}
