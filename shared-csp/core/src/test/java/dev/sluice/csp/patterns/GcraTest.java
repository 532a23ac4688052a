package dev.sluice.csp.patterns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GcraTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void aNewBucketHoldsTheBurstAndNoMore() {
    var bucket = new Gcra(new RateLimit(100, Duration.ofSeconds(1), 200), 0);

    assertEquals(200, bucket.remaining(0));
    assertTrue(bucket.tryTake(200, 0));
    assertEquals(0, bucket.remaining(0));
    assertFalse(bucket.tryTake(1, 0));
  }

  @Test
  void aPermitComesBackAtItsExactNanosecond() {
    var bucket = new Gcra(new RateLimit(3, Duration.ofSeconds(1), 1), 0);
    assertTrue(bucket.tryTake(1, 0));

    assertEquals(333_333_334, bucket.nanosUntil(1, 0)); // a third of a second, rounded up
    assertFalse(bucket.tryTake(1, 333_333_333));
    assertTrue(bucket.tryTake(1, 333_333_334));
  }

  @Test
  void thirdsOfASecondDoNotDrift() {
    var bucket = new Gcra(new RateLimit(3, Duration.ofSeconds(1), 3), 0);
    bucket.take(3, 0);
    long granted = 0;
    for (long now = 0; now <= 1_000 * SECOND; now += SECOND / 10) {
      while (bucket.tryTake(1, now)) {
        granted++;
      }
    }
    assertEquals(3_000, granted);
  }

  @Test
  void whatIsGivenBackIsAsIfItHadNotBeenTaken() {
    var bucket = new Gcra(new RateLimit(3, Duration.ofSeconds(1), 6), 0);
    bucket.take(4, 0);
    var other = bucket.copy();
    for (int permits = 1; permits <= 6; permits++) {
      other.take(permits, 7);
      other.giveBack(permits);
      for (int wanted = 1; wanted <= 6; wanted++) {
        assertEquals(bucket.nanosUntil(wanted, 7), other.nanosUntil(wanted, 7));
      }
      assertEquals(bucket.nanosUntilFull(7), other.nanosUntilFull(7));
    }
  }

  @Test
  void aBucketIsFullAgainWhenAllItsPermitsAreThere() {
    var bucket = new Gcra(new RateLimit(2, Duration.ofSeconds(1), 4), 0);
    assertTrue(bucket.isFull(0));
    assertTrue(bucket.tryTake(1, 0));
    assertEquals(SECOND / 2, bucket.nanosUntilFull(0));
    assertFalse(bucket.isFull(SECOND / 2 - 1));
    assertTrue(bucket.isFull(SECOND / 2));
    assertEquals(0, bucket.nanosUntilFull(SECOND / 2));
  }

  @Test
  void whatIsOwedComesFirst() {
    var bucket = new Gcra(new RateLimit(1, Duration.ofSeconds(1), 2), 0);
    bucket.take(2, 0);
    bucket.take(2, 0);
    assertEquals(0, bucket.remaining(0));
    assertEquals(3 * SECOND, bucket.nanosUntil(1, 0));
  }

  @Test
  void theScaleOfTheClockMayOverflow() {
    long now = Long.MAX_VALUE - SECOND / 2;
    var bucket = new Gcra(new RateLimit(1, Duration.ofSeconds(1), 1), now);
    assertTrue(bucket.tryTake(1, now));
    assertEquals(SECOND, bucket.nanosUntil(1, now));
    assertFalse(bucket.tryTake(1, now + SECOND - 1));
    assertTrue(bucket.tryTake(1, now + SECOND));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 4, Long.MIN_VALUE, Long.MAX_VALUE})
  void soManyPermitsAreNone(long permits) {
    var bucket = new Gcra(new RateLimit(1, Duration.ofSeconds(1), 3), 0);
    String message = "permits is " + permits + ", must be 1 to the burst, 3";
    for (Executable call :
        List.<Executable>of(
            () -> bucket.tryTake(permits, 0),
            () -> bucket.take(permits, 0),
            () -> bucket.giveBack(permits))) {
      assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
    assertTrue(bucket.isFull(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void nobodyWaitsForLessThanOnePermit(long permits) {
    var bucket = new Gcra(new RateLimit(1, Duration.ofSeconds(1), 3), 0);
    assertThrows(IllegalArgumentException.class, () -> bucket.nanosUntil(permits, 0));
  }

  @Test
  void whoStandsInALineWaitsForThoseBeforeHim() {
    var bucket = new Gcra(new RateLimit(3, Duration.ofSeconds(1), 3), 0);
    assertEquals(333_333_334, bucket.nanosUntil(4, 0));
    assertTrue(bucket.tryTake(3, 0));
    assertEquals(SECOND, bucket.nanosUntil(3, 0));
    assertEquals(1_333_333_334, bucket.nanosUntil(4, 0));
    assertEquals(10 * SECOND, bucket.nanosUntil(30, 0));
  }

  @Test
  void aBucketOfWhichTwoNumbersWereKeptGoesOn() {
    var limit = new RateLimit(3, Duration.ofSeconds(1), 3);
    var bucket = new Gcra(limit, 0);
    bucket.take(2, 0);
    var again = new Gcra(limit, bucket.fullAt(), bucket.fraction());
    assertEquals(666_666_667, again.nanosUntilFull(0));
    assertEquals(1, again.remaining(0));
  }

  @Test
  void aClockThatGoesBackGrantsNothingExtra() {
    var bucket = new Gcra(new RateLimit(1, Duration.ofSeconds(1), 1), 10 * SECOND);
    assertTrue(bucket.tryTake(1, 10 * SECOND));

    assertFalse(bucket.tryTake(1, 5 * SECOND));
    assertFalse(bucket.tryTake(1, 10 * SECOND));
    assertTrue(bucket.tryTake(1, 11 * SECOND));
  }

  @Test
  void aClockThatGoesBackVeryFarLeavesNothing() {
    long most = RateLimit.MAX_PERMITS;
    var bucket = new Gcra(new RateLimit(most, Duration.ofNanos(1), most), 0);
    bucket.take(1, 0);

    assertEquals(0, bucket.remaining(-10 * SECOND));
    assertEquals(most - 1, bucket.remaining(0));
  }

  @Test
  void everyAnswerEqualsTheModelsInBigIntegers() {
    var random = new SplittableRandom(42);
    for (int run = 0; run < 2_000; run++) {
      RateLimit limit = randomLimit(random);
      long now = random.nextLong(SECOND);
      var bucket = new Gcra(limit, now);
      var model = new Model(limit, now);
      for (int step = 0; step < 50; step++) {
        now += randomStep(random, limit);
        long permits = random.nextLong(1, limit.burst() + 1);
        String where = limit + " run " + run + " step " + step;
        assertEquals(model.remaining(now), bucket.remaining(now), where);
        assertEquals(model.nanosUntil(permits, now), bucket.nanosUntil(permits, now), where);
        assertEquals(model.tryTake(permits, now), bucket.tryTake(permits, now), where);
      }
    }
  }

  @Test
  void neverGrantsMoreThanBurstPlusRateInAnyInterval() {
    record Grant(long at, long permits) {}
    var random = new SplittableRandom(7);
    for (int run = 0; run < 100; run++) {
      var limit =
          new RateLimit(
              random.nextLong(1, 50),
              Duration.ofMillis(random.nextLong(1, 50)),
              random.nextLong(1, 20));
      var bucket = new Gcra(limit, 0);
      List<Grant> grants = new ArrayList<>();
      long now = 0;
      for (int step = 0; step < 200; step++) {
        now += random.nextLong(limit.per().toNanos() / limit.rate() * 2);
        long permits = random.nextLong(1, limit.burst() + 1);
        if (bucket.tryTake(permits, now)) {
          grants.add(new Grant(now, permits));
        }
      }
      assertFalse(grants.isEmpty());
      for (int from = 0; from < grants.size(); from++) {
        long sum = 0;
        for (int to = from; to < grants.size(); to++) {
          sum += grants.get(to).permits;
          BigInteger allowed =
              BigInteger.valueOf(limit.burst())
                  .multiply(BigInteger.valueOf(limit.per().toNanos()))
                  .add(
                      BigInteger.valueOf(limit.rate())
                          .multiply(BigInteger.valueOf(grants.get(to).at - grants.get(from).at)));
          BigInteger granted =
              BigInteger.valueOf(sum).multiply(BigInteger.valueOf(limit.per().toNanos()));
          assertTrue(granted.compareTo(allowed) <= 0, limit + " from " + from + " to " + to);
        }
      }
    }
  }

  private static RateLimit randomLimit(RandomGenerator random) {
    while (true) {
      try {
        return new RateLimit(
            logUniform(random, RateLimit.MAX_PERMITS),
            Duration.ofNanos(logUniform(random, RateLimit.MAX_PER.toNanos())),
            logUniform(random, RateLimit.MAX_PERMITS));
      } catch (IllegalArgumentException fillsTooSlowly) {
        // draw another
      }
    }
  }

  private static long logUniform(RandomGenerator random, long max) {
    return Math.clamp((long) Math.exp(random.nextDouble() * Math.log((double) max)), 1L, max);
  }

  /** Forward mostly, at the scale of a permit or of the whole bucket; sometimes back. */
  private static long randomStep(RandomGenerator random, RateLimit limit) {
    long permit = Math.max(1, limit.per().toNanos() / limit.rate());
    long scale =
        random.nextBoolean()
            ? permit * 3
            : Math.min(permit * limit.burst(), RateLimit.MAX_PER.toNanos());
    long step = random.nextLong(scale + 1);
    return random.nextInt(10) == 0 ? -step / 2 : step;
  }

  /** The same bucket in units of 1 / rate nanosecond, in numbers without end. */
  private static final class Model {
    private final RateLimit limit;
    private final BigInteger per;
    private final BigInteger capacity;
    private BigInteger fullAt;

    Model(RateLimit limit, long now) {
      this.limit = limit;
      this.per = BigInteger.valueOf(limit.per().toNanos());
      this.capacity = per.multiply(BigInteger.valueOf(limit.burst()));
      this.fullAt = scaled(now);
    }

    boolean tryTake(long permits, long now) {
      BigInteger after = fullAt.max(scaled(now)).add(per.multiply(BigInteger.valueOf(permits)));
      if (after.subtract(scaled(now)).compareTo(capacity) > 0) {
        return false;
      }
      fullAt = after;
      return true;
    }

    long nanosUntil(long permits, long now) {
      BigInteger lacking =
          fullAt
              .max(scaled(now))
              .add(per.multiply(BigInteger.valueOf(permits)))
              .subtract(scaled(now))
              .subtract(capacity);
      return ceil(lacking.max(BigInteger.ZERO), BigInteger.valueOf(limit.rate()));
    }

    long remaining(long now) {
      BigInteger used = fullAt.subtract(scaled(now)).max(BigInteger.ZERO);
      return Math.max(0, limit.burst() - ceil(used, per));
    }

    private BigInteger scaled(long nanos) {
      return BigInteger.valueOf(nanos).multiply(BigInteger.valueOf(limit.rate()));
    }

    private static long ceil(BigInteger dividend, BigInteger divisor) {
      return dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor).longValueExact();
    }
  }
}
