package dev.sluice.dedup.process;

import java.time.Duration;

/**
 * Asks whether a key is seen for the first time, and marks it seen.
 *
 * @param namespace whose key: the same key in two namespaces is two
 * @param key what is seen
 * @param ttl the length of the window that this call opens if it is the first
 * @param extend whether the window slides: it then lasts at least that long from now on, also when
 *     this is not the first
 */
public record Ask(String namespace, String key, Duration ttl, boolean extend) {

  /** The window asked for is not possible. */
  public static final class InvalidTtl extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final Duration ttl;
    private final Duration max;

    InvalidTtl(Duration ttl, Duration max) {
      super("ttl is " + ttl + ", must be more than 0 and at most " + max);
      this.ttl = ttl;
      this.max = max;
    }

    /** What was asked for. */
    public Duration ttl() {
      return ttl;
    }

    /** The longest that is possible. */
    public Duration max() {
      return max;
    }
  }
}
