package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.store.redis.RedisRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The scripts of seen keys in a real server, step by step beside the memory engine. */
@Timeout(180)
class SeenScriptTest {
  private static final int RUNS = System.getProperty("deep") == null ? 60 : 2_000;
  private static final int STEPS = 80;
  private static final long MICRO = 1_000;
  private static final long[] TTLS = {
    MICRO, 700 * MICRO, 5_000_000, 400_000_001, 60_000_000_000L, Duration.ofDays(366).toNanos()
  };
  private static final long[] PAUSES = {
    0, MICRO, 699 * MICRO, 5_000_000, 300_000_000, 20_000_000_000L, Duration.ofDays(100).toNanos()
  };
  private static ScriptAtTime redis;

  private final RedisKeys keys = new RedisKeys(KeyForm.HASHED);

  /** What is counted of a key, as long as the server keeps it: here for ever. */
  private record Window(long end, int width) {
    long countedUntil() {
      return ((end >> width) + 1) << width;
    }
  }

  @BeforeAll
  static void start() {
    redis = new ScriptAtTime();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void bothAnswerTheSameAndTheCountIsThatOfTheBucketsThatAreNotOver() {
    for (int seed = 0; seed < RUNS; seed++) {
      redis.clear();
      run(new SplittableRandom(seed), "seed " + seed);
    }
  }

  private void run(SplittableRandom random, String seed) {
    var memory = new MemorySeenStore(1_000);
    Map<String, Window> windows = new HashMap<>();
    long now = Instant.parse("2026-11-24T20:00:00.123456Z").getEpochSecond() * 1_000_000_000;
    for (int step = 0; step < STEPS; step++) {
      now += PAUSES[random.nextInt(PAUSES.length)];
      SeenOperation operation = operation(random);
      String at = seed + ", step " + step + ": " + operation + " at " + now;
      List<SeenOutcome> expected = new ArrayList<>();
      memory.submit(rounded(operation), now, expected::add);

      assertEquals(expected.getFirst(), byScript(operation, now / MICRO), at);
      follow(windows, operation, expected.getFirst());
      long micros = now / MICRO;
      assertEquals(
          windows.values().stream().filter(each -> each.countedUntil() > micros).count(),
          count(micros),
          at);
    }
  }

  private static SeenOperation operation(SplittableRandom random) {
    SeenKey key = SeenDriver.key("ns", "k" + random.nextInt(5));
    return switch (random.nextInt(8)) {
      case 0 -> new SeenOperation.Forget(key);
      case 1 -> new SeenOperation.Peek(key);
      default ->
          new SeenOperation.See(key, TTLS[random.nextInt(TTLS.length)], random.nextBoolean());
    };
  }

  /** As Redis counts it, in microseconds. */
  private static SeenOperation rounded(SeenOperation operation) {
    return operation instanceof SeenOperation.See(SeenKey key, long ttl, boolean extend)
        ? new SeenOperation.See(key, Math.ceilDiv(ttl, MICRO) * MICRO, extend)
        : operation;
  }

  private SeenOutcome byScript(SeenOperation operation, long micros) {
    SeenKey key =
        switch (operation) {
          case SeenOperation.See see -> see.key();
          case SeenOperation.Peek peek -> peek.key();
          case SeenOperation.Forget forget -> forget.key();
          case SeenOperation.Count count -> throw new AssertionError(count);
        };
    var asked = new RedisSeenOperation(operation, keys.placeOf(key.namespace(), key.key()));
    return asked.outcome(
        redis.run(
            asked.call(true),
            micros,
            "'PXAT', whole(millis(finish))",
            "'PX', '3600000'",
            "redis.call('PEXPIREAT', counts, whole(millis(latest)))",
            ""));
  }

  private static void follow(
      Map<String, Window> windows, SeenOperation operation, SeenOutcome outcome) {
    if (operation instanceof SeenOperation.Forget(SeenKey key)
        && outcome instanceof SeenOutcome.Forgotten) {
      windows.remove(key.key());
    } else if (operation instanceof SeenOperation.See(SeenKey key, long ttl, _)
        && outcome instanceof SeenOutcome.Seen(_, _, long expiresAt)) {
      long end = expiresAt / MICRO;
      Window before = windows.get(key.key());
      if (before == null || before.end != end) {
        int width = RedisSeenOperation.width(Math.ceilDiv(ttl, MICRO));
        windows.put(key.key(), new Window(end, width));
      }
    }
  }

  private static long count(long micros) {
    long count = 0;
    for (int part = 0; part < RedisKeys.PARTS; part++) {
      String key = RedisSeenOperation.countsKey(RedisKeys.tag(part, "ns"));
      var call = new RedisRequest.Call(SeenScripts.COUNT, true, List.of(key), List.of());
      count += redis.run(call, micros).number(0);
    }
    return count;
  }
}
