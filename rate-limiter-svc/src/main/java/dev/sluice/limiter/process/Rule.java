package dev.sluice.limiter.process;

import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.store.Limit;
import dev.sluice.limiter.store.LimitKey;
import java.time.Duration;

/**
 * What a request comes under, now that the owner of the policies has looked.
 *
 * @param key what is counted
 * @param shadow never refuses
 * @param failOpen grants when the engine cannot count
 */
record Rule(LimitKey key, boolean shadow, boolean failOpen) {

  /**
   * @throws Invalid there is no such policy, or it does not allow this
   */
  static Rule of(Request request, Policies policies) {
    Ask ask = request.ask();
    Rule rule =
        switch (ask.under()) {
          case Ask.Under.Policy(String name) -> of(request, policies.get(name));
          case Ask.Under.Inline(Terms terms) ->
              new Rule(
                  LimitKey.of(null, ask.key(), terms.limit("limit."), request.print()),
                  false,
                  false);
          case Ask.Under.Given(String name, Terms terms) ->
              new Rule(
                  LimitKey.of(name, ask.key(), terms.limit("limit."), request.print()),
                  false,
                  false);
        };
    checkPermits(ask.permits(), rule.key.limit());
    return rule;
  }

  private static Rule of(Request request, Policy policy) {
    Ask ask = request.ask();
    if (policy.keys() != null && !policy.keys().matches(ask.key())) {
      throw new Invalid(
          "key", ask.key(), "policy " + policy.name() + " takes keys like " + policy.keys());
    }
    Duration most = policy.maxWait();
    if (most != null && ask.maxWait().compareTo(most) > 0) {
      throw new Invalid(
          "wait",
          ask.maxWait(),
          "policy " + policy.name() + " allows at most " + most.toMillis() + "ms");
    }
    return new Rule(
        LimitKey.of(policy.name(), ask.key(), policy.limit(), request.print()),
        policy.shadow(),
        policy.whenEngineFails() == Policy.WhenEngineFails.OPEN);
  }

  static void checkPermits(long permits, Limit limit) {
    long most = limit.permits();
    if (permits < 1 || permits > most) {
      throw new Invalid("permits", permits, "must be 1 to the limit's " + most);
    }
  }
}
