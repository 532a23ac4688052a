package dev.sluice.market;

import dev.sluice.market.model.Policy;
import java.time.Duration;
import java.util.Objects;

/**
 * A consumer of bars.
 *
 * @param name unique in a pipeline
 * @param policy what happens when its queue is full
 * @param capacity how many bars may wait for it, 1 to 65,536
 * @param work how long it takes for a bar, zero to a minute; can be changed while it runs
 */
public record ConsumerSettings(String name, Policy policy, int capacity, Duration work) {
  /** The longest work. */
  public static final Duration MAX_WORK = Duration.ofMinutes(1);

  /** Checks them. */
  public ConsumerSettings {
    Objects.requireNonNull(name);
    Objects.requireNonNull(policy);
    if (capacity < 1 || capacity > 65_536) {
      throw new IllegalArgumentException("capacity is " + capacity + ", must be 1 to 65536");
    }
    requireWork(work);
  }

  /** Checks a duration of work. */
  public static void requireWork(Duration work) {
    if (work.isNegative() || work.compareTo(MAX_WORK) > 0) {
      throw new IllegalArgumentException("work is " + work + ", must be zero to a minute");
    }
  }
}
