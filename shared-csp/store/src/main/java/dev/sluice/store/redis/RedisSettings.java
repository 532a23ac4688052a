package dev.sluice.store.redis;

import java.time.Duration;

/**
 * How Redis is used.
 *
 * @param timeout within which it must answer; also for a connection to be made
 * @param failures after how many error answers in a row a node counts as down
 * @param probeEvery how often a node that is down is tried again
 */
public record RedisSettings(Duration timeout, int failures, Duration probeEvery) {

  /**
   * @throws IllegalArgumentException names the setting, its value and what is allowed
   */
  public RedisSettings {
    require("timeout", timeout);
    require("probe-every", probeEvery);
    if (failures < 1) {
      throw new IllegalArgumentException("failures is " + failures + ", must be 1 or more");
    }
  }

  private static void require(String name, Duration value) {
    if (!value.isPositive() || value.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value.toMillis() + "ms, must be more than 0 and at most 1m");
    }
  }
}
