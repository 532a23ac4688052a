package dev.sluice.limiter.process.permits;

import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.Policy.WhenEngineFails;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a request comes under, now that the owner of the policies has looked.
 *
 * @param limit how many permits may be out
 * @param ttl how long the lease is to last
 * @param failOpen grants when the engine cannot count
 */
record LeaseTerms(long limit, Duration ttl, boolean failOpen) {
  private static final int FEW = 20;

  /**
   * @throws Invalid there is no such policy, or it does not allow this
   */
  static LeaseTerms of(LeaseAsk ask, Duration defaultTtl, Map<String, LeasePolicy> policies) {
    LeaseTerms terms =
        switch (ask.under()) {
          case LeaseAsk.Under.Policy(String name) -> of(ask, defaultTtl, policy(name, policies));
          case LeaseAsk.Under.Limit(long permits) ->
              new LeaseTerms(permits, ask.ttl() == null ? defaultTtl : ask.ttl(), false);
        };
    checkPermits(ask.permits(), terms.limit);
    return terms;
  }

  private static LeaseTerms of(LeaseAsk ask, Duration defaultTtl, LeasePolicy policy) {
    checkKey(ask.key(), policy);
    checkAtMost("wait", ask.maxWait(), policy.maxWait(), policy);
    checkTtl(ask.ttl(), policy);
    Duration ttl = ask.ttl() == null ? atMost(defaultTtl, policy.maxTtl()) : ask.ttl();
    return new LeaseTerms(policy.permits(), ttl, policy.whenEngineFails() == WhenEngineFails.OPEN);
  }

  static LeasePolicy policy(String name, Map<String, LeasePolicy> policies) {
    LeasePolicy policy = policies.get(name);
    if (policy == null) {
      throw new Invalid(
          "policy",
          name,
          policies.size() > FEW
              ? "is none of the " + policies.size() + " policies in force"
              : "must be one of " + new TreeSet<>(policies.keySet()));
    }
    return policy;
  }

  static void checkKey(String key, LeasePolicy policy) {
    if (policy.keys() != null && !policy.keys().matches(key)) {
      throw new Invalid(
          "key", key, "policy " + policy.name() + " takes keys like " + policy.keys());
    }
  }

  static void checkTtl(@Nullable Duration ttl, LeasePolicy policy) {
    if (ttl != null) {
      checkAtMost("ttl", ttl, policy.maxTtl(), policy);
    }
  }

  private static void checkAtMost(
      String field, Duration value, @Nullable Duration most, LeasePolicy policy) {
    if (most != null && value.compareTo(most) > 0) {
      throw new Invalid(
          field, value, "policy " + policy.name() + " allows at most " + most.toMillis() + "ms");
    }
  }

  static void checkPermits(long permits, long limit) {
    if (permits < 1 || permits > limit) {
      throw new Invalid("permits", permits, "must be 1 to the limit's " + limit);
    }
  }

  private static Duration atMost(Duration time, @Nullable Duration most) {
    return most != null && time.compareTo(most) > 0 ? most : time;
  }
}
