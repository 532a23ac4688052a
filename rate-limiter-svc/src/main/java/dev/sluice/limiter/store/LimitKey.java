package dev.sluice.limiter.store;

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
    return new LimitKey(policy, key, limit, print.under(limit));
  }
}
