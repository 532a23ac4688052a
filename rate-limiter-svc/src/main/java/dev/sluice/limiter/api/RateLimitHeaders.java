package dev.sluice.limiter.api;

import dev.sluice.limiter.process.Quota;
import java.time.Duration;

/**
 * The headers that tell a client of its budget.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit
 *     header fields for HTTP</a>
 */
final class RateLimitHeaders {
  static final String POLICY = "RateLimit-Policy";
  static final String LIMIT = "RateLimit";

  private RateLimitHeaders() {}

  /** {@code "name";q=permits;w=seconds until all of them are there again}, rounded up. */
  static String policy(Quota quota) {
    return "\"" + quota.policy() + "\";q=" + quota.permits() + ";w=" + wholeSeconds(quota.window());
  }

  /** {@code "name";r=remaining;t=seconds}, rounded up. */
  static String limit(Quota quota, long remaining, Duration until) {
    return "\"" + quota.policy() + "\";r=" + remaining + ";t=" + wholeSeconds(until);
  }

  private static long wholeSeconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }
}
