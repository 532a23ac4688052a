package dev.sluice.limiter.store;

import dev.sluice.store.redis.RedisRequest.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation as it is put to Redis.
 *
 * @param operation what is to be done
 * @param terms the limit, as Redis is told of it
 * @param key where it is kept
 */
record RedisOperation(Operation operation, RedisTerms terms, String key) {

  static RedisOperation of(Operation operation) {
    RedisTerms terms = RedisTerms.of(operation.key().limit());
    return new RedisOperation(operation, terms, key(operation.key(), terms));
  }

  /**
   * The terms, then policy and key as the hash tag, so that all limits of one key are in one slot
   * of a cluster. The policy's length tells where it ends; without a policy there is none.
   */
  private static String key(LimitKey key, RedisTerms terms) {
    return "sluice:limit:" + terms.name() + ":" + tag(key.policy(), key.key());
  }

  static String tag(@Nullable String policy, String key) {
    return "{" + (policy == null ? "-" : policy.length() + ":" + policy) + ":" + key + "}";
  }

  Call call(boolean whole) {
    List<String> arguments = terms.arguments(operation.kind(), operation.permits());
    return new Call(terms.script(), whole, List.of(key), arguments);
  }

  /**
   * Does with the cell what the script has done, and says what became of it.
   *
   * @param cell what the script had found
   * @param now the server's time, in nanoseconds
   */
  Outcome.Done done(Cell cell, long now) {
    return terms.algorithm().carryOut(operation.kind(), operation.permits(), cell, now);
  }
}
