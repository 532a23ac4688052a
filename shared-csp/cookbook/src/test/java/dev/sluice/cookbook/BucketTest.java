package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Gcra;
import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.csp.patterns.TokenBucket;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class BucketTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualClock clock = new VirtualClock();
  private final Scope scope = Scope.open("test", clock);

  @AfterEach
  void noTimerIsLeft() {
    scope.close();
    assertEquals(0, clock.alarms());
  }

  @Test
  void theProgramMeasuresBothForms() throws Exception {
    List<String> printed = Printed.by(Bucket::run);

    assertEquals(2, printed.size());
  }

  @Test
  void aHundredASecondForTenSecondsAreAThousand() throws InterruptedException {
    var bucket = new Bucketed(new RateLimit(100, SECOND, 10));
    assertEquals(10, bucket.takeAll(), "the burst");
    int granted = 0;
    for (int step = 0; step < 1_000; step++) {
      bucket.advance(Duration.ofMillis(10));
      granted += bucket.takeAll();
    }
    assertEquals(1_000, granted);
  }

  @Test
  void afterBOverRIdleTheWholeBurstIsThereAndNoMore() throws InterruptedException {
    var bucket = new Bucketed(new RateLimit(100, SECOND, 20));
    assertEquals(20, bucket.takeAll());

    bucket.advance(Duration.ofMillis(199));
    assertEquals(19, bucket.tokens.stats().depth());
    bucket.advance(Duration.ofMillis(1));
    assertEquals(20, bucket.tokens.stats().depth());
    bucket.advance(SECOND.multipliedBy(10));
    assertEquals(20, bucket.takeAll());
    assertNull(bucket.bucket.tokens().tryReceive());
  }

  @Test
  void cancellationReturnsAtOnce() throws InterruptedException {
    var bucket = new Bucketed(new RateLimit(1, Duration.ofDays(1), 1));
    bucket.takeAll();
    var inside = scope.start("waiter", () -> bucket.bucket.tokens().receive());
    var outside = new Reply<Boolean>();
    try (var others = Scope.open("others", clock)) {
      others.start(
          "outsider",
          () ->
              outside.complete(
                  assertThrows(ChannelClosedException.class, () -> bucket.bucket.tokens().receive())
                          .getMessage()
                      != null));
      Eventually.that(() -> bucket.tokens.stats().waitingReceivers() == 2);

      scope.cancel(); // and the clock stands still

      inside.join();
      assertTrue(outside.await());
      others.join();
    }
  }

  @Test
  void waitersAreServedInTheirOrder() throws InterruptedException {
    var bucket = new Bucketed(new RateLimit(1, SECOND, 1));
    bucket.takeAll();
    var first = waiter(bucket, 1);
    var second = waiter(bucket, 2);

    bucket.advance(SECOND);
    assertTrue(first.await());
    assertFalse(second.isDone());
    bucket.advance(SECOND);
    assertTrue(second.await());
  }

  @Test
  void whoAlwaysAsksGetsTheSameFromBothFormsAtEachInstant() throws InterruptedException {
    var random = new SplittableRandom(13);
    for (int run = 0; run < 50; run++) {
      var limit = randomLimit(random);
      var bucket = new Bucketed(limit);
      var arithmetic = new Gcra(limit, clock.nanos());
      for (int step = 0; step < 50; step++) {
        assertEquals(takeAll(arithmetic), bucket.takeAll(), limit + " step " + step);
        bucket.advance(randomStep(random, limit));
      }
      bucket.stop();
    }
  }

  @Test
  void untilItIsFullAgainTheChannelGivesTheSameOrOneMore() throws InterruptedException {
    var random = new SplittableRandom(31);
    for (int run = 0; run < 100; run++) {
      var limit = randomLimit(random);
      var bucket = new Bucketed(limit);
      var arithmetic = new Gcra(limit, clock.nanos());
      bucket.advance(randomStep(random, limit)); // so that it is not opened when a token is due
      int ahead = 0;
      for (int step = 0; step == 0 || (step < 50 && !arithmetic.isFull(clock.nanos())); step++) {
        for (int asked = random.nextInt(4); asked > 0; asked--) {
          ahead += bucket.bucket.tokens().tryReceive() != null ? 1 : 0;
          ahead -= arithmetic.tryTake(1, clock.nanos()) ? 1 : 0;
          assertTrue(ahead == 0 || ahead == 1, limit + " run " + run + ": " + ahead);
        }
        bucket.advance(randomStep(random, limit));
      }
      bucket.stop();
    }
  }

  @Test
  void afterAStallThoseWhoWaitGetABurstAndNotAllThatTheyMissed() throws InterruptedException {
    var leaping = new LeapingClock();
    try (var inside = Scope.open("stalled", leaping)) {
      TokenBucket bucket = TokenBucket.start(inside, "tokens", new RateLimit(100, SECOND, 10));
      Channel<?> tokens = Eventually.channel(inside, "tokens");
      Eventually.that(() -> tokens.tryReceive() == null);
      for (int waiter = 0; waiter < 30; waiter++) {
        inside.start("waiter-" + waiter, () -> bucket.tokens().receiveOrNull());
      }
      Eventually.that(() -> tokens.stats().waitingReceivers() == 30);

      leaping.awaitAlarm();
      leaping.leap(SECOND.multipliedBy(10).toNanos());

      leaping.awaitAlarm();
      assertEquals(20, tokens.stats().waitingReceivers());
      assertEquals(0, tokens.stats().depth());
    }
  }

  @Test
  void afterAnyStallTheNextTokenIsDueAtItsExactInstant() throws InterruptedException {
    var random = new SplittableRandom(17);
    for (int run = 0; run < 100; run++) {
      var leaping = new LeapingClock();
      var limit = run == 0 ? new RateLimit(1_000, Duration.ofMillis(1), 3) : randomLimit(random);
      try (var inside = Scope.open("stalled", leaping)) {
        TokenBucket.start(inside, "tokens", limit);
        for (int stall = 0; stall < 20; stall++) {
          leaping.awaitAlarm();
          long now = leaping.nanos();
          assertEquals(dueAfter(limit, now), leaping.dueAt(), limit + " at " + now);
          leaping.leap(random.nextLong(1L << random.nextInt(10, 55)));
        }
      }
    }
  }

  /** The exact instant of the first token after that one, rounded up; the bucket begins at 0. */
  private static long dueAfter(RateLimit limit, long now) {
    BigInteger per = BigInteger.valueOf(limit.per().toNanos());
    BigInteger rate = BigInteger.valueOf(limit.rate());
    BigInteger given = BigInteger.valueOf(now).multiply(rate).divide(per);
    BigInteger[] due = given.add(BigInteger.ONE).multiply(per).divideAndRemainder(rate);
    return due[0].longValueExact() + due[1].signum();
  }

  /** A machine that stalls: the time leaps, and whoever waits for an instant sees a later one. */
  private static final class LeapingClock implements Clock {
    private long now;
    private long alarmAt;
    private @Nullable Runnable alarm;

    @Override
    public synchronized long nanos() {
      return now;
    }

    @Override
    public synchronized Instant instant() {
      return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public synchronized Alarm schedule(long atNanos, Runnable action) {
      alarmAt = atNanos;
      alarm = action;
      notifyAll();
      return () -> forget(action);
    }

    private synchronized void forget(Runnable action) {
      if (action.equals(alarm)) {
        alarm = null;
      }
    }

    synchronized void awaitAlarm() throws InterruptedException {
      while (alarm == null) {
        wait();
      }
    }

    synchronized long dueAt() {
      return alarmAt;
    }

    void leap(long nanos) {
      Runnable due = null;
      synchronized (this) {
        now += nanos;
        if (now >= alarmAt) {
          due = alarm;
          alarm = null;
        }
      }
      if (due != null) {
        due.run();
      }
    }
  }

  @Test
  void whatIsTooMuchForAChannelIsRefused() {
    assertEquals(
        "burst is 65537, must be at most 65536 in a channel",
        messageOf(new RateLimit(1, SECOND, 65_537)));
    assertEquals(
        "rate is 1000001 every PT1S, must be at most one token a microsecond in a channel",
        messageOf(new RateLimit(1_000_001, SECOND, 1)));
  }

  private String messageOf(RateLimit limit) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class, () -> TokenBucket.start(scope, "refused", limit))
            .getMessage());
  }

  private int takeAll(Gcra bucket) {
    int taken = 0;
    while (bucket.tryTake(1, clock.nanos())) {
      taken++;
    }
    return taken;
  }

  private Reply<Boolean> waiter(Bucketed bucket, int waiting) {
    var served = new Reply<Boolean>();
    scope.start(
        "waiter",
        () -> {
          bucket.bucket.tokens().receive();
          served.complete(true);
        });
    Eventually.that(() -> bucket.tokens.stats().waitingReceivers() == waiting);
    return served;
  }

  private static RateLimit randomLimit(RandomGenerator random) {
    return new RateLimit(
        random.nextInt(1, 1_000),
        Duration.ofNanos(random.nextLong(SECOND.toNanos(), SECOND.toNanos() * 60)),
        random.nextInt(3, 20)); // so that it is not full again after a step
  }

  /** Up to two permits' worth. */
  private static Duration randomStep(RandomGenerator random, RateLimit limit) {
    return Duration.ofNanos(random.nextLong(2 * limit.per().toNanos() / limit.rate()));
  }

  /** A bucket in a scope of its own, and the instants at which its tokens are due. */
  private final class Bucketed {
    final Scope inside = scope.child("bucket");
    final RateLimit limit;
    final TokenBucket bucket;
    final Channel<?> tokens;
    final long start = clock.nanos();
    long next = 1;

    Bucketed(RateLimit limit) throws InterruptedException {
      this.limit = limit;
      this.bucket = TokenBucket.start(inside, "tokens", limit);
      this.tokens = Eventually.channel(inside, "tokens");
      clock.awaitAlarms(1);
    }

    int takeAll() {
      int taken = 0;
      while (bucket.tokens().tryReceive() != null) {
        taken++;
      }
      return taken;
    }

    /** Stops at each instant on the way at which a token is due, until it is in the bucket. */
    void advance(Duration by) throws InterruptedException {
      long target = clock.nanos() + by.toNanos();
      for (; due() <= target; next++) {
        clock.advance(Duration.ofNanos(due() - clock.nanos()));
        clock.awaitAlarms(1); // it waits for the next
      }
      clock.advance(Duration.ofNanos(target - clock.nanos()));
    }

    void stop() {
      inside.close();
    }

    /** The exact instant, rounded up. */
    private long due() {
      BigInteger[] worth =
          BigInteger.valueOf(next)
              .multiply(BigInteger.valueOf(limit.per().toNanos()))
              .divideAndRemainder(BigInteger.valueOf(limit.rate()));
      return start + worth[0].longValueExact() + worth[1].signum();
    }
  }
}
