package dev.sluice.limiter.process.permits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a lease.
 *
 * @param key what is limited
 * @param permits how many
 * @param under under which limit
 * @param ttl how long it is to last; null: as long as the settings say
 * @param maxWait how long the caller will wait for it; zero: not at all
 * @param holder who asks, in its own words; null when it does not say
 */
public record LeaseAsk(
    String key,
    long permits,
    Under under,
    @Nullable Duration ttl,
    Duration maxWait,
    @Nullable String holder) {

  /** Under which limit. */
  public sealed interface Under {

    /** A policy's. */
    record Policy(String name) implements Under {}

    /**
     * One that the request brings.
     *
     * @param permits how many may be out
     */
    record Limit(long permits) implements Under {}
  }
}
