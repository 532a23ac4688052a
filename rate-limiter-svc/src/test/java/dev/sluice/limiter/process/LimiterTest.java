package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.limiter.store.MemoryLimitStore;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@NoLeaks
class LimiterTest {
  private static final Terms HUNDRED = Terms.tokenBucket(1, Duration.ofDays(1), 100);

  @Test
  void twoThousandAtOnceOnABucketOfAHundredGetExactlyAHundred() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Limiter limiter = start(scope, true);
      List<Reply<Decision>> replies = new ArrayList<>();
      var asked = scope.<Reply<Decision>>channel("asked", 2_000);
      try (var callers = scope.child("callers")) {
        for (int caller = 0; caller < 20; caller++) {
          callers.start(
              "caller-" + caller,
              () -> {
                for (int i = 0; i < 100; i++) {
                  asked.send(limiter.acquire(ask(1, new Ask.Under.Policy("hundred"))));
                }
              });
        }
        callers.join();
      }
      asked.drainTo(replies, 2_000);
      int granted = 0;
      for (Reply<Decision> reply : replies) {
        granted += reply.await() instanceof Decision.Granted ? 1 : 0;
      }
      assertEquals(2_000, replies.size());
      assertEquals(100, granted);
    }
  }

  @Test
  void saysWhatIsWrongWithARequest() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Limiter limiter = start(scope, false);
      Ask.Under hundred = new Ask.Under.Policy("hundred");

      assertEquals(
          new Decision.NotPossible("permits", 0L, "must be 1 to the limit's 100"),
          limiter.acquire(ask(0, hundred)).await());
      assertEquals(
          new Decision.NotPossible("permits", 101L, "must be 1 to the limit's 100"),
          limiter.acquire(ask(101, hundred)).await());
      assertEquals(
          new Decision.NotPossible("policy", "nosuch", "must be one of [hundred]"),
          limiter.acquire(ask(1, new Ask.Under.Policy("nosuch"))).await());
      assertInvalid(
          "wait is PT1.001S, must be at most 1000ms",
          limiter,
          new Ask("k", 1, hundred, Duration.ofMillis(1_001)));
      assertInvalid(
          "wait is PT-1S, must be at most 1000ms",
          limiter,
          new Ask("k", 1, hundred, Duration.ofSeconds(-1)));
      assertThrows(
          Invalid.class,
          () ->
              limiter.acquire(
                  ask(1, new Ask.Under.Inline(Terms.slidingWindow(1, Duration.ofSeconds(1))))));
    }
  }

  @Test
  void afterCloseWaitersAreServedAndNewcomersTurnedAway() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var processes = scope.child("processes");
      Limiter limiter = start(scope, processes, true);
      var tenPerSecond = new Ask.Under.Inline(Terms.tokenBucket(10, Duration.ofSeconds(1), 1));
      limiter.acquire(ask(1, tenPerSecond)).await();
      Reply<Decision> waiter =
          limiter.acquire(new Ask("k", 1, tenPerSecond, Duration.ofSeconds(1)));

      limiter.close();

      assertThrows(ChannelClosedException.class, () -> limiter.acquire(ask(1, tenPerSecond)));
      assertInstanceOf(Decision.Granted.class, waiter.await());
      processes.join();
    }
  }

  @Test
  void theOwnerIsToldOfWaitersThatGoAway() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var processes = scope.child("processes");
      Limiter limiter = start(scope, processes, true);
      var tenPerSecond = new Ask.Under.Inline(Terms.tokenBucket(10, Duration.ofSeconds(1), 10));
      var patient = new Ask("k", 9, tenPerSecond, Duration.ofSeconds(1));
      limiter.acquire(ask(10, tenPerSecond)).await();
      Reply<Decision> gone = limiter.acquire(patient);

      gone.abandon();

      // With the other one in the line this would take 1.8 s, and be refused.
      assertInstanceOf(Decision.Granted.class, limiter.acquire(patient).await());
      limiter.close();
      processes.join();
    }
  }

  private static Limiter start(Scope scope, boolean inlineLimits) throws InterruptedException {
    return start(scope, scope, inlineLimits);
  }

  private static Limiter start(Scope scope, Scope processes, boolean inlineLimits)
      throws InterruptedException {
    HeartbeatMonitor monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
    return Limiter.start(
        processes,
        monitor,
        new LimiterSettings(
            2,
            4_096,
            10,
            Duration.ofSeconds(1),
            inlineLimits,
            Policies.of(List.of(Policy.of("hundred", HUNDRED))),
            Fingerprint.Secret.random()),
        (_, _) -> new MemoryLimitStore(100));
  }

  private static Ask ask(long permits, Ask.Under terms) {
    return new Ask("k", permits, terms, Duration.ZERO);
  }

  private static void assertInvalid(String message, Limiter limiter, Ask ask) {
    assertEquals(message, assertThrows(Invalid.class, () -> limiter.acquire(ask)).getMessage());
  }
}
