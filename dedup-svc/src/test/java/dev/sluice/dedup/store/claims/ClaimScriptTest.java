package dev.sluice.dedup.store.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.RedisKeys;
import dev.sluice.dedup.store.ScriptAtTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The script of claims in a real server, step by step beside the memory engine. */
@Timeout(180)
class ClaimScriptTest {
  private static final int RUNS = System.getProperty("deep") == null ? 60 : 2_000;
  private static final int STEPS = 60;
  private static final long MICRO = 1_000;
  private static final long[] TIMES = {
    MICRO, 700 * MICRO, 5_000_000, 30_000_000_000L, Duration.ofDays(30).toNanos()
  };
  private static ScriptAtTime redis;

  private final RedisKeys keys = new RedisKeys(KeyForm.HASHED);

  @BeforeAll
  static void start() {
    redis = new ScriptAtTime();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void bothAnswerTheSame() {
    for (int seed = 0; seed < RUNS; seed++) {
      redis.clear();
      run(new SplittableRandom(seed), "seed " + seed);
    }
  }

  /** Some time always passes, so that a fence is the time for both. */
  private void run(SplittableRandom random, String seed) {
    var memory = new MemoryClaimStore(1_000, 1_000_000);
    long now = Instant.parse("2026-11-24T20:00:00Z").getEpochSecond() * 1_000_000_000;
    for (int step = 0; step < STEPS; step++) {
      now += random.nextBoolean() ? MICRO : TIMES[random.nextInt(TIMES.length)];
      ClaimOperation operation = operation(random);
      List<ClaimOutcome> expected = new ArrayList<>();
      memory.submit(operation, now, expected::add);

      assertEquals(
          expected.getFirst(),
          byScript(operation, now / MICRO),
          seed + ", step " + step + ": " + operation + " at " + now);
    }
  }

  private ClaimOutcome byScript(ClaimOperation operation, long micros) {
    ClaimKey key = operation.key();
    var asked =
        new RedisClaimOperation(operation, keys.whole("sluice:claim:", key.namespace(), key.key()));
    return asked.outcome(
        redis.run(
            asked.call(true),
            micros,
            "redis.call('PEXPIREAT', key, whole(math.ceil(instant / 1000)))",
            "redis.call('PEXPIRE', key, '3600000')"),
        micros * MICRO);
  }

  private static ClaimOperation operation(SplittableRandom random) {
    ClaimKey key = ClaimStoreContract.key("ns", "k" + random.nextInt(2));
    var token = new ClaimToken(7, random.nextInt(3));
    long lease = TIMES[random.nextInt(TIMES.length)];
    return switch (random.nextInt(8)) {
      case 0 -> new ClaimOperation.Abort(key, token);
      case 1 -> new ClaimOperation.Renew(key, token, lease);
      case 2, 3 ->
          new ClaimOperation.Complete(
              key, token, ClaimStoreContract.response(200, "body " + random.nextInt(2)));
      default ->
          new ClaimOperation.Claim(
              key,
              token,
              lease,
              lease + (random.nextBoolean() ? 0 : TIMES[random.nextInt(TIMES.length)]),
              random.nextInt(4) == 0
                  ? null
                  : random.nextInt(8) == 0 ? "" : "r" + random.nextInt(2));
    };
  }
}
