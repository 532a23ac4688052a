package dev.sluice.limiter.store;

import dev.sluice.limiter.store.Operation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The very command that a decision in Redis is, for {@code redis-benchmark} to send. */
public final class RedisFloor {
  /** What the server has to know before. */
  public static final String SCRIPT = RedisScript.TOKEN_BUCKET.text();

  private RedisFloor() {}

  /** One permit of one of a million keys, of a bucket of so many permits a second. */
  public static List<String> command(long rate) {
    RedisTerms terms = RedisTerms.of(new Limit.TokenBucket(rate, Duration.ofSeconds(1), rate));
    var command =
        new ArrayList<>(
            List.of(
                "EVALSHA",
                terms.script().digest(),
                "1",
                "sluice:limit:" + terms.name() + ":{bench:user:__rand_int__}"));
    command.addAll(terms.arguments(Kind.ACQUIRE, 1));
    return command;
  }
}
