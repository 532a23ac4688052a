package dev.sluice.dedup.store;

import dev.sluice.store.redis.RedisAnswer;
import dev.sluice.store.redis.RedisRequest.Call;
import java.util.List;

/**
 * One operation on a key as it is put to Redis, which counts microseconds: a {@code ttl} is rounded
 * up to them.
 *
 * @param operation what is to be done, to one key
 * @param place where it is kept
 */
record RedisSeenOperation(SeenOperation operation, RedisKeys.Place place) {
  private static final long MICRO = 1000;

  /** Buckets are as wide as this part of the ttl, or up to twice that. */
  private static final int LOG_BUCKETS = 7;

  /** The narrowest bucket: 2^19 microseconds, about half a second. */
  private static final int MIN_WIDTH = 19;

  String key() {
    return "sluice:seen:" + place.tag() + place.name();
  }

  Call call(boolean whole) {
    return new Call(SeenScripts.SEEN, whole, List.of(key(), countsKey(place.tag())), arguments());
  }

  static String countsKey(String tag) {
    return "sluice:seen-counts:" + tag;
  }

  private List<String> arguments() {
    return switch (operation) {
      case SeenOperation.See(_, long ttl, boolean extend) -> {
        long micros = Math.ceilDiv(ttl, MICRO);
        yield List.of(
            "SEE", Long.toString(micros), Integer.toString(width(micros)), extend ? "1" : "0");
      }
      case SeenOperation.Peek _ -> List.of("PEEK");
      case SeenOperation.Forget _ -> List.of("FORGET");
      case SeenOperation.Count _ -> throw new IllegalArgumentException("counts are of no one key");
    };
  }

  /** The logarithm of a bucket's width. */
  static int width(long micros) {
    return Math.max(MIN_WIDTH, Long.SIZE - Long.numberOfLeadingZeros(micros) - LOG_BUCKETS);
  }

  /** Reads what the script has answered. */
  SeenOutcome outcome(RedisAnswer answer) {
    if (answer.size() == 0) {
      return new SeenOutcome.Unknown();
    }
    return operation instanceof SeenOperation.Forget
        ? new SeenOutcome.Forgotten()
        : new SeenOutcome.Seen(
            answer.number(0), answer.number(1) * MICRO, answer.number(2) * MICRO);
  }
}
