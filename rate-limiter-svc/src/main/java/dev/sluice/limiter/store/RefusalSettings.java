package dev.sluice.limiter.store;

import java.time.Duration;

/**
 * How long a key that Redis has refused is refused without asking it.
 *
 * @param keep how long a refusal may be repeated; zero: always ask
 * @param keys of how many keys a shard remembers refusals
 */
public record RefusalSettings(Duration keep, int keys) {

  /**
   * @throws IllegalArgumentException names the setting, its value and what is allowed
   */
  public RefusalSettings {
    if (keep.isNegative() || keep.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "refusals is " + keep.toMillis() + "ms, must be at least 0 and at most 1m");
    }
    if (keys < 1) {
      throw new IllegalArgumentException("refused-keys is " + keys + ", must be 1 or more");
    }
  }
}
