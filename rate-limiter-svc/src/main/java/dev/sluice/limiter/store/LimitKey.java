package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.store.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * What is counted. The limit is part of it: the same key under two limits is counted twice, and a
 * policy whose terms change starts anew.
 *
 * @param policy the policy's name; null for a limit without a name
 * @param key what is limited
 * @param limit its terms
 * @param fingerprint stands for all three, and for these only
 */
public record LimitKey(@Nullable String policy, String key, Limit limit, Fingerprint fingerprint) {

  /**
   * @param print the {@link Fingerprint#of fingerprint} of policy and key
   */
  public static LimitKey of(@Nullable String policy, String key, Limit limit, Fingerprint print) {
    return new LimitKey(policy, key, limit, under(limit, print));
  }

  /** The low half stays, and so does the shard, which goes by {@link Fingerprint#hashCode}. */
  private static Fingerprint under(Limit limit, Fingerprint print) {
    return switch (limit) {
      case Limit.TokenBucket(RateLimit(long rate, var per, long burst)) ->
          mixed(print, 1, rate, per.toNanos(), burst);
      case Limit.SlidingWindow(long permits, var per) -> mixed(print, 2, permits, per.toNanos(), 0);
      case Limit.FixedWindow(long permits, CalendarUnit unit) ->
          mixed(print, 3, permits, unit.ordinal(), 0);
    };
  }

  private static Fingerprint mixed(Fingerprint print, long kind, long a, long b, long c) {
    return new Fingerprint(print.high() ^ mix(mix(mix(mix(kind) + a) + b) + c), print.low());
  }

  /** SplitMix64's finalizer: every bit of the input changes half of the output's. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
