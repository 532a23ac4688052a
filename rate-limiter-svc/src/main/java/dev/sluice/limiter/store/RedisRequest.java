package dev.sluice.limiter.store;

import dev.sluice.limiter.store.Operation.Kind;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One operation on its way to Redis and back.
 *
 * @param operation what is to be done
 * @param terms the limit, as Redis is told of it
 * @param key where it is kept
 * @param asked when, by the shard's clock
 * @param answer gets the outcome
 */
record RedisRequest(
    Operation operation,
    RedisTerms terms,
    String key,
    long asked,
    Consumer<? super Outcome> answer) {

  /**
   * A call of the script.
   *
   * @param whole sends the script's text, for a server that does not know it
   */
  record Call(RedisScript script, boolean whole, String key, List<String> arguments) {}

  static RedisRequest of(Operation operation, long asked, Consumer<? super Outcome> answer) {
    RedisTerms terms = RedisTerms.of(operation.key().limit());
    return new RedisRequest(operation, terms, key(operation.key(), terms), asked, answer);
  }

  /**
   * The terms, then policy and key as the hash tag, so that all limits of one key are in one slot
   * of a cluster. The policy's length tells where it ends; without a policy there is none.
   */
  private static String key(LimitKey key, RedisTerms terms) {
    String policy = key.policy() == null ? "-" : key.policy().length() + ":" + key.policy();
    return "sluice:limit:" + terms.name() + ":{" + policy + ":" + key.key() + "}";
  }

  Call call(boolean whole) {
    List<String> arguments = terms.arguments(operation.kind(), operation.permits());
    return new Call(terms.script(), whole, key, arguments);
  }

  /** A call that writes to the slot of a key, and changes nothing that anybody counts. */
  static Call probe(@Nullable String key) {
    String tag = key == null ? "" : key.substring(key.indexOf('{'));
    return new Call(
        RedisScript.TOKEN_BUCKET, true, "sluice:limit:probe:" + tag, List.of(Kind.RESET.name()));
  }

  /**
   * Does with the cell what the script has done, and says what became of it.
   *
   * @param cell what the script had found
   * @param now the server's time, in nanoseconds
   */
  Outcome.Done done(Cell cell, long now) {
    Algorithm algorithm = terms.algorithm();
    long permits = operation.permits();
    return switch (operation.kind()) {
      case ACQUIRE -> {
        long until = algorithm.nanosUntil(cell, permits, now);
        if (until > 0) {
          yield done(algorithm, cell, 0, until, now);
        }
        algorithm.take(cell, permits, now);
        yield done(algorithm, cell, permits, 0, now);
      }
      case PEEK -> done(algorithm, cell, 0, algorithm.nanosUntil(cell, permits, now), now);
      case RELEASE -> {
        long given = Math.min(permits, algorithm.limit() - algorithm.remaining(cell, now));
        if (given > 0) {
          algorithm.giveBack(cell, given, now);
        }
        yield done(algorithm, cell, given, 0, now);
      }
      case RESET -> done(algorithm, terms.cell(), 0, 0, now);
    };
  }

  private static Outcome.Done done(
      Algorithm algorithm, Cell cell, long permits, long retryAfter, long now) {
    return new Outcome.Done(
        permits,
        algorithm.remaining(cell, now),
        retryAfter,
        algorithm.nanosUntil(cell, algorithm.limit(), now));
  }
}
