package dev.sluice.limiter.process.envoy;

/**
 * At most so many requests in each window of the unit.
 *
 * @param name what {@code replaces} calls it; empty when it has no name
 * @param requestsPerUnit 0 to {@value #MAX_REQUESTS}; 0 lets nothing pass
 */
public record RateLimit(String name, long requestsPerUnit, Unit unit) {
  /** The largest number of requests there may be: an unsigned number of 32 bits. */
  public static final long MAX_REQUESTS = 0xFFFF_FFFFL;
}
