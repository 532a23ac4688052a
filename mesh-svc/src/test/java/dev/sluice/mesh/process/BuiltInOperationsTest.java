package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.Fingerprint;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.StateKey;
import dev.sluice.mesh.store.MemoryShardStore;
import dev.sluice.mesh.store.ShardStore;
import dev.sluice.mesh.store.StoreFullException;
import dev.sluice.service.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operations on the store that keeps what they leave behind, as a worker runs them. */
class BuiltInOperationsTest {
  private static final DurationText TEXT = new DurationText(Durations::parse, Durations::format);
  private static final String TERMS = "{\"rate\":10,\"per\":\"1s\",\"burst\":20}";

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private ShardStore store = store(ShardState.EMPTY);
  private Operations operations = Operations.builtIn(TEXT, Caution.EMPTY);
  private int requests;

  @Test
  void acquireTakesWhatIsThereAndSaysWhenMoreIs() {
    assertEquals("{\"allowed\":true,\"remaining\":19,\"retryAfter\":\"0s\"}", acquire(TERMS));
    assertEquals(
        "{\"allowed\":true,\"remaining\":0,\"retryAfter\":\"0s\"}",
        acquire("{ \"rate\": 10, \"per\": \"1s\", \"burst\": 20, \"permits\": 19 }"));
    assertEquals("{\"allowed\":false,\"remaining\":0,\"retryAfter\":\"100ms\"}", acquire(TERMS));
    pass("99999us");
    assertEquals("{\"allowed\":false,\"remaining\":0,\"retryAfter\":\"1ms\"}", acquire(TERMS));
    pass("1us");
    assertEquals("{\"allowed\":true,\"remaining\":0,\"retryAfter\":\"0s\"}", acquire(TERMS));
  }

  @Test
  void acquireHasABurstOfItsRateUnlessToldOtherwise() {
    assertEquals(
        "{\"allowed\":true,\"remaining\":2,\"retryAfter\":\"0s\"}",
        acquire("{\"rate\":3,\"per\":\"1h\"}"));
  }

  @Test
  void acquireKeepsTheContentWhenTheTermsChange() {
    acquire("{\"rate\":10,\"per\":\"1s\",\"burst\":20,\"permits\":15}"); // 5 are left
    assertEquals(
        "{\"allowed\":true,\"remaining\":4,\"retryAfter\":\"0s\"}",
        acquire("{\"rate\":1,\"per\":\"1h\",\"burst\":100}"));
    assertEquals(
        "{\"allowed\":true,\"remaining\":1,\"retryAfter\":\"0s\"}",
        acquire("{\"rate\":1,\"per\":\"1h\",\"burst\":2}"));
  }

  @Test
  void aFullBucketIsNotKept() {
    acquire(TERMS);
    assertEquals(1, store.content().states().size());
    pass("100ms");
    assertNull(store.state(new StateKey("acquire", "key"), now));
  }

  @Test
  void aBucketOfALostShardStartsEmptyAsOfTheLoss() {
    store = store(ShardState.lost(now));
    assertEquals("{\"allowed\":false,\"remaining\":0,\"retryAfter\":\"100ms\"}", acquire(TERMS));
    pass("1s");
    assertEquals("{\"allowed\":true,\"remaining\":9,\"retryAfter\":\"0s\"}", acquire(TERMS));
    pass("1h");
    assertEquals("{\"allowed\":true,\"remaining\":19,\"retryAfter\":\"0s\"}", acquire(TERMS));
  }

  @Test
  void aBucketOfALostShardStartsFullIfThatIsWished() {
    operations = Operations.builtIn(TEXT, Caution.FULL);
    store = store(ShardState.lost(now));
    assertEquals("{\"allowed\":true,\"remaining\":19,\"retryAfter\":\"0s\"}", acquire(TERMS));
  }

  /** Whatever is lost and handed over and whenever: never more than burst + rate * time. */
  @Test
  void acquireNeverGrantsTooMuchOverLossesAndHandovers() {
    var random = new SplittableRandom(8);
    for (int run = 0; run < 200; run++) {
      Instant start = now;
      store = store(ShardState.EMPTY);
      int granted = 0;
      for (int i = 0; i < 200; i++) {
        switch (random.nextInt(12)) {
          case 0 -> store = store(ShardState.lost(now));
          case 1 -> store = store(store.content());
          case 2 -> pass(random.nextInt(2_000) + "ms");
          default -> {
            pass(random.nextInt(30) + "ms");
            granted += acquire(TERMS).startsWith("{\"allowed\":true") ? 1 : 0;
          }
        }
        long passed = Duration.between(start, now).toMillis();
        assertTrue(granted <= 20 + passed / 100, granted + " in " + passed + " ms");
      }
    }
  }

  @Test
  void dedupTellsWhatIsNewForItsTime() {
    assertEquals("{\"new\":true,\"firstSeen\":\"2026-01-01T00:00:00Z\"}", dedup("24h"));
    pass("1h");
    assertEquals("{\"new\":false,\"firstSeen\":\"2026-01-01T00:00:00Z\"}", dedup("24h"));
    pass("23h");
    assertEquals("{\"new\":true,\"firstSeen\":\"2026-01-02T00:00:00Z\"}", dedup("24h"));
  }

  @Test
  void dedupSaysThatItMayHaveForgotten() {
    store = store(ShardState.lost(now));
    pass("1h");
    assertEquals(
        "{\"new\":true,\"firstSeen\":\"2026-01-01T01:00:00Z\",\"since\":\"2026-01-01T00:00:00Z\"}",
        dedup("24h"));
    assertEquals("{\"new\":false,\"firstSeen\":\"2026-01-01T01:00:00Z\"}", dedup("24h"));
    pass("48h");
    assertEquals("{\"new\":true,\"firstSeen\":\"2026-01-03T01:00:00Z\"}", dedup("24h"));
  }

  @Test
  void dedupMakesRoomAgainWhenItsTimeIsOver() {
    for (int i = 0; i < 10; i++) {
      run("dedup", "key-" + i, "{\"ttl\":\"1m\"}");
    }
    assertThrows(StoreFullException.class, () -> dedup("1m"));
    pass("1m");
    assertTrue(dedup("1m").startsWith("{\"new\":true"));
  }

  @Test
  void stateThatIsNoneIsAFaultAndNotTheCallers() {
    keep("acquire", "nonsense");
    assertThrows(IllegalStateException.class, () -> acquire(TERMS));
    keep("dedup", "nonsense");
    assertThrows(IllegalStateException.class, () -> dedup("1m"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "acquire|1|payload must be a JSON object of strings and whole numbers",
        "acquire|[]|payload must be a JSON object of strings and whole numbers",
        "acquire|{\"rate\":1|payload must be a JSON object of strings and whole numbers",
        "acquire|{\"rate\":1}x|payload must be a JSON object of strings and whole numbers",
        "acquire|{}|payload.rate is missing, must be a whole number from 1 to 1000000000",
        "acquire|{\"rate\":0}|payload.rate is 0, must be a whole number from 1 to 1000000000",
        "acquire|{\"rate\":\"1\"}|payload.rate is \"1\", must be a whole number from 1 to 1000000000",
        "acquire|{\"rate\":1.5}|payload.rate is 1.5, must be a whole number of at most 18 digits",
        "acquire|{\"rate\":1e3}|payload.rate is 1e3, must be a whole number of at most 18 digits",
        "acquire|{\"rate\":007}|payload.rate is 007, must be a whole number of at most 18 digits",
        "acquire|{\"rate\":9999999999999999999}|payload.rate is 9999999999999999999, must be a whole number of at most 18 digits",
        "acquire|{\"rate\":null}|payload.rate must be a string or a whole number",
        "acquire|{\"rate\":{}}|payload.rate must be a string or a whole number",
        "acquire|{\"rate\":1,\"rate\":2}|payload.rate is there twice",
        "acquire|{\"rate\":1,\"speed\":2}|payload.speed is unknown, must be one of rate, per, burst, permits",
        "acquire|{\"rate\":1,\"p\\u0065r\":7}|payload.per is 7, must be a duration from 1ms to 366d, such as \"10s\"",
        "acquire|{\"rate\":1,\"per\":\"soon\"}|payload.per is \"soon\", must be a duration from 1ms to 366d, such as \"10s\"",
        "acquire|{\"rate\":1,\"per\":\"1us\"}|payload.per is \"1us\", must be a duration from 1ms to 366d, such as \"10s\"",
        "acquire|{\"rate\":5,\"per\":\"1s\",\"permits\":6}|payload.permits is 6, must be a whole number from 1 to 5",
        "acquire|{\"rate\":1,\"per\":\"366d\",\"burst\":1000}|burst is 1000, at this rate an empty bucket would not be full again within 100 years",
        "dedup|{}|payload.ttl is missing, must be a duration from 1ms to 366d, such as \"10s\"",
        "dedup|{\"ttl\":\"1\\ud\"}|payload must be a JSON object of strings and whole numbers",
        "dedup|{\"ttl\":\"400d\"}|payload.ttl is \"400d\", must be a duration from 1ms to 366d, such as \"10s\"",
      })
  void saysWhatIsWrongWithAPayload(String op, String payload, String message) {
    var refused = assertThrows(IllegalArgumentException.class, () -> run(op, "key", payload));
    assertEquals(message, refused.getMessage());
  }

  private static ShardStore store(ShardState from) {
    return new MemoryShardStore(10, 10, 1_000, from);
  }

  private void pass(String time) {
    now = now.plus(Durations.parse(time));
  }

  private String acquire(String payload) {
    return run("acquire", "key", payload);
  }

  private String dedup(String ttl) {
    return run("dedup", "key", "{\"ttl\":\"" + ttl + "\"}");
  }

  private void keep(String op, String state) {
    var key = new StateKey(op, "key");
    store.keep(key, new KeyState(state, null), "r-0", answered("1"), now);
  }

  private String run(String op, String key, String payload) {
    Operation operation = operations.find(op).orElseThrow();
    var stateKey = new StateKey(op, key);
    try {
      var ran =
          operation.run(
              new Operation.Call(key, payload, store.state(stateKey, now), store.lostAt(), now));
      var state = ran.state() == null ? null : new KeyState(ran.state(), ran.until());
      store.keep(stateKey, state, "r-" + ++requests, answered(ran.reply()), now);
      assertNotNull(ran.reply());
      return ran.reply();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Answered answered(String reply) {
    return new Answered(new Fingerprint(1, 2), reply);
  }
}
