package dev.sluice.limiter.process;

import java.time.Duration;

/**
 * Asks for permits, or about them.
 *
 * @param key what is limited
 * @param permits how many
 * @param under under which limit
 * @param maxWait how long the caller will wait for them; zero: not at all
 */
public record Ask(String key, long permits, Under under, Duration maxWait) {

  /** Under which limit. */
  public sealed interface Under {

    /** A configured policy's. */
    record Policy(String name) implements Under {}

    /** One that the request brings. */
    record Inline(Terms terms) implements Under {}

    /** One that the service itself gives, under a name: not subject to {@code inline}. */
    record Given(String name, Terms terms) implements Under {}
  }

  /** Asks without waiting. */
  public Ask(String key, long permits, Under under) {
    this(key, permits, under, Duration.ZERO);
  }
}
