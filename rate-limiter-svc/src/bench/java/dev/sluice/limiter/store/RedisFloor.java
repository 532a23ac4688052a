package dev.sluice.limiter.store;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.redis.RedisScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The very commands that decisions in Redis are, for {@code redis-benchmark} to send. */
public final class RedisFloor {
  /** What the server has to know before. */
  public static final List<String> SCRIPTS =
      List.of(LimiterScripts.TOKEN_BUCKET.text(), LimiterScripts.COUNT.text());

  private RedisFloor() {}

  /** One permit of one of a million keys, each a bucket of so many permits a second. */
  public static List<String> permit(long rate) {
    RedisTerms terms = RedisTerms.of(new Limit.TokenBucket(rate, Duration.ofSeconds(1), rate));
    List<String> command =
        call(terms.script(), "sluice:limit:" + terms.name() + ":{bench:user:__rand_int__}");
    command.addAll(terms.arguments(Kind.ACQUIRE, 1));
    return command;
  }

  /** One hit of one counter, which is kept for a second. */
  public static List<String> hit() {
    List<String> command = call(LimiterScripts.COUNT, "sluice:hits:bench");
    command.addAll(List.of("1", "1", "4294967295"));
    return command;
  }

  private static List<String> call(RedisScript script, String key) {
    return new ArrayList<>(List.of("EVALSHA", script.digest(), "1", key));
  }
}
