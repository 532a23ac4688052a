package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.limiter.store.MemoryLimitStore;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Permits of several keys, owned by several shards. */
@NoLeaks
class BatchTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Ask.Under TEN = new Ask.Under.Policy("ten");

  private final Scope scope = Scope.open("test");
  private Limiter limiter;

  @BeforeEach
  void start() throws InterruptedException {
    limiter =
        Limiter.start(
            scope,
            HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1)),
            new LimiterSettings(
                4,
                4_096,
                10,
                DAY,
                true,
                Policies.of(
                    List.of(
                        Policy.of("ten", Terms.tokenBucket(1, DAY, 10)),
                        new Policy(
                            "shadow",
                            Terms.tokenBucket(1, DAY, 10),
                            null,
                            true,
                            null,
                            Policy.WhenEngineFails.CLOSED))),
                Fingerprint.Secret.random()),
            (_, _) -> new MemoryLimitStore(1_000));
  }

  @AfterEach
  void stop() {
    scope.close();
  }

  @Test
  void eachForItselfIsAnsweredInTheOrderOfTheRequests() throws InterruptedException {
    List<Decision> decisions =
        limiter
            .acquireEach(
                List.of(
                    ask("a", 10),
                    ask("b", 3),
                    ask("a", 1),
                    new Ask("c", 1, new Ask.Under.Policy("nosuch")),
                    ask("c", 10)))
            .await();

    assertEquals(0, assertInstanceOf(Decision.Granted.class, decisions.get(0)).remaining());
    assertEquals(7, assertInstanceOf(Decision.Granted.class, decisions.get(1)).remaining());
    assertDay(decisions.get(2));
    assertEquals("policy", assertInstanceOf(Decision.NotPossible.class, decisions.get(3)).field());
    assertInstanceOf(Decision.Granted.class, decisions.get(4));
    assertEquals(5, decisions.size());
  }

  @Test
  void allAreGrantedTogether() throws InterruptedException {
    List<Ask> asks = keys("a", "b", "c", "d", "e");
    AllOrNone all = limiter.acquireAll(asks).await();

    assertTrue(all.granted());
    for (int i = 0; i < asks.size(); i++) {
      assertEquals(9, assertInstanceOf(Decision.Granted.class, all.decisions().get(i)).remaining());
      assertEquals(9, remaining(asks.get(i).key()));
    }
  }

  @Test
  void whenOneIsNotToBeHadNoneIsTaken() throws InterruptedException {
    limiter.acquire(ask("c", 10)).await();

    AllOrNone none = limiter.acquireAll(keys("a", "b", "c", "d", "e")).await();

    assertFalse(none.granted());
    assertDay(none.decisions().get(2));
    for (int i : new int[] {0, 1, 3, 4}) {
      assertEquals(
          10, assertInstanceOf(Decision.Balance.class, none.decisions().get(i)).remaining());
    }
    for (String key : List.of("a", "b", "d", "e")) {
      assertEquals(10, remaining(key));
    }
  }

  @Test
  void whatOnlyTurnsOutWhileTakingIsGivenBack() throws InterruptedException {
    // Six of each are there, but not twice six: no look at one of them shows that.
    AllOrNone none = limiter.acquireAll(List.of(ask("a", 6), ask("b", 6), ask("a", 6))).await();

    assertFalse(none.granted());
    assertInstanceOf(Decision.Refused.class, none.decisions().get(2));
    assertEquals(10, remaining("a"));
    assertEquals(10, remaining("b"));
  }

  @Test
  void aPolicyThatIsUnknownIsSaidAndNothingTaken() throws InterruptedException {
    AllOrNone none =
        limiter
            .acquireAll(List.of(ask("a", 1), new Ask("b", 1, new Ask.Under.Policy("nosuch"))))
            .await();

    assertFalse(none.granted());
    assertInstanceOf(Decision.NotPossible.class, none.decisions().get(1));
    assertEquals(10, remaining("a"));
  }

  @Test
  void aShadowIsInNobodysWay() throws InterruptedException {
    var shadow = new Ask.Under.Policy("shadow");
    limiter.acquire(new Ask("a", 10, shadow)).await();

    assertTrue(
        limiter.acquireAll(List.of(new Ask("a", 10, shadow), ask("b", 1))).await().granted());
  }

  @Test
  void whoWaitsForAllGetsThemWhenTheLastIsThere() throws InterruptedException {
    var fast = new Ask.Under.Inline(Terms.tokenBucket(50, Duration.ofSeconds(1), 1));
    limiter.acquire(new Ask("fast", 1, fast)).await();
    Duration wait = Duration.ofHours(1);

    AllOrNone all =
        limiter
            .acquireAll(List.of(new Ask("fast", 1, fast, wait), new Ask("a", 1, TEN, wait)))
            .await();

    assertTrue(all.granted());
    assertEquals(9, remaining("a"));
  }

  @Test
  void whoGoesAwayWhileWaitingForAllGivesBackWhatWasTaken() throws InterruptedException {
    var slow = new Ask.Under.Inline(Terms.tokenBucket(1, DAY, 1));
    List<String> keys = Stream.of("a", "b", "c", "d", "e", "f").toList();
    for (String last : keys) {
      limiter.acquire(new Ask(last, 1, slow)).await();
      List<Ask> asks =
          Stream.concat(
                  keys.stream().map(key -> new Ask(key, 5, TEN, DAY)),
                  Stream.of(new Ask(last, 1, slow, DAY)))
              .toList();
      Reply<AllOrNone> waiting = limiter.acquireAll(asks);
      awaitRetryAfter(DAY.multipliedBy(2), new Ask(last, 1, slow)); // it stands in the line

      waiting.abandon();

      awaitRetryAfter(DAY, new Ask(last, 1, slow));
      for (String key : keys) {
        awaitRemaining(10, key);
      }
    }
  }

  @Test
  void whoGoesAwayWhileWaitingForEachGivesBackWhatWasGranted() throws InterruptedException {
    var slow = new Ask.Under.Inline(Terms.tokenBucket(1, DAY, 1));
    limiter.acquire(new Ask("slow", 1, slow)).await();
    Reply<List<Decision>> waiting =
        limiter.acquireEach(
            List.of(
                new Ask("a", 5, TEN, DAY),
                new Ask("b", 5, TEN, DAY),
                new Ask("slow", 1, slow, DAY)));
    awaitRetryAfter(DAY.multipliedBy(2), new Ask("slow", 1, slow)); // it stands in the line
    awaitRemaining(5, "a");
    awaitRemaining(5, "b");

    waiting.abandon();

    awaitRetryAfter(DAY, new Ask("slow", 1, slow));
    awaitRemaining(10, "a");
    awaitRemaining(10, "b");
  }

  @Test
  void ofCallsThatCompeteEachGetsAllOrNothingAndNothingIsLost() throws InterruptedException {
    var random = new Random(7);
    List<List<Ask>> calls = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      calls.add(
          random.ints(0, 20).distinct().limit(4).mapToObj(key -> ask("key-" + key, 1)).toList());
    }
    var outcomes = scope.<List<Ask>>channel("granted", calls.size());
    try (var callers = scope.child("callers")) {
      for (int caller = 0; caller < 8; caller++) {
        List<List<Ask>> own = calls.subList(caller * 50, caller * 50 + 50);
        callers.start(
            "caller-" + caller,
            () -> {
              for (List<Ask> asks : own) {
                if (limiter.acquireAll(asks).await().granted()) {
                  outcomes.send(asks);
                }
              }
            });
      }
      callers.join();
    }
    List<List<Ask>> granted = new ArrayList<>();
    outcomes.drainTo(granted, calls.size());
    assertTrue(granted.size() <= 50, "20 keys with 10 permits each are enough for 50 calls");
    assertTrue(granted.size() >= 35, "only " + granted.size() + " calls were granted");
    for (int i = 0; i < 20; i++) {
      String key = "key-" + i;
      long taken = granted.stream().flatMap(List::stream).filter(a -> a.key().equals(key)).count();
      awaitRemaining(10 - taken, key);
    }
  }

  @Test
  void whatCannotBeHadAtAllIsSaidAtOnce() {
    var impossible = new Ask.Under.Inline(Terms.tokenBucket(1, DAY, 1));
    List<Ask> asks = List.of(ask("a", 1), new Ask("b", 2, impossible));

    assertThrows(Invalid.class, () -> limiter.acquireEach(asks));
    assertThrows(Invalid.class, () -> limiter.acquireAll(asks));
  }

  private static void assertDay(Decision decision) {
    Duration wait = assertInstanceOf(Decision.Refused.class, decision).retryAfter();
    assertEquals(DAY.toHours(), wait.plusMinutes(30).toHours(), wait::toString);
  }

  private static Ask ask(String key, long permits) {
    return new Ask(key, permits, TEN);
  }

  private static List<Ask> keys(String... keys) {
    return Stream.of(keys).map(key -> ask(key, 1)).toList();
  }

  private long remaining(String key) throws InterruptedException {
    return assertInstanceOf(Decision.Balance.class, limiter.peek(ask(key, 1)).await()).remaining();
  }

  /** Giving back is a message of its own, so it may take a moment. */
  private void awaitRemaining(long expected, String key) throws InterruptedException {
    for (int i = 0; i < 100_000 && remaining(key) != expected; i++) {
      Thread.onSpinWait();
    }
    assertEquals(expected, remaining(key), key);
  }

  private void awaitRetryAfter(Duration expected, Ask ask) throws InterruptedException {
    long hours = -1;
    for (int i = 0; i < 100_000 && hours != expected.toHours(); i++) {
      var balance = assertInstanceOf(Decision.Balance.class, limiter.peek(ask).await());
      hours = balance.retryAfter().plusMinutes(30).toHours();
    }
    assertEquals(expected.toHours(), hours);
  }
}
