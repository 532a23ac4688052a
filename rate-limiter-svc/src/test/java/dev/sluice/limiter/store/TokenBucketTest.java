package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void aNewBucketHoldsTheBurstAndNoMore() {
    var bucket = new Bucket(new Limit.TokenBucket(100, Duration.ofSeconds(1), 200));

    assertEquals(200, bucket.remaining(SECOND));
    assertTrue(bucket.tryTake(200, SECOND));
    assertEquals(0, bucket.remaining(SECOND));
    assertFalse(bucket.tryTake(1, SECOND));
  }

  @Test
  void aPermitComesBackAtItsExactNanosecond() {
    var bucket = new Bucket(new Limit.TokenBucket(3, Duration.ofSeconds(1), 1));
    assertTrue(bucket.tryTake(1, SECOND));

    assertEquals(333_333_334, bucket.nanosUntil(1, SECOND)); // a third of a second, rounded up
    assertFalse(bucket.tryTake(1, SECOND + 333_333_333));
    assertTrue(bucket.tryTake(1, SECOND + 333_333_334));
  }

  @Test
  void thirdsOfASecondDoNotDrift() {
    var bucket = new Bucket(new Limit.TokenBucket(3, Duration.ofSeconds(1), 3));
    assertTrue(bucket.tryTake(3, SECOND));
    long granted = 0;
    for (long now = SECOND; now <= 1_001 * SECOND; now += SECOND / 10) {
      while (bucket.tryTake(1, now)) {
        granted++;
      }
    }
    assertEquals(3_000, granted);
  }

  @Test
  void aClockThatGoesBackGrantsNothingExtra() {
    var bucket = new Bucket(new Limit.TokenBucket(1, Duration.ofSeconds(1), 1));
    assertTrue(bucket.tryTake(1, 10 * SECOND));

    assertFalse(bucket.tryTake(1, 5 * SECOND));
    assertFalse(bucket.tryTake(1, 10 * SECOND));
    assertTrue(bucket.tryTake(1, 11 * SECOND));
  }

  @Property
  void everyAnswerEqualsTheModelsInBigIntegers(
      @ForAll("limits") Limit.TokenBucket limit,
      @ForAll @Size(50) List<@From("steps") Step> steps) {
    long permit = Math.max(1, limit.terms().per().toNanos() / limit.terms().rate());
    long far = Math.min(permit * limit.terms().burst(), Limit.MAX_PER.toNanos());
    long now = Duration.ofDays(20_000).toNanos();
    var bucket = new Bucket(limit);
    var model = new Model(limit, 0);
    for (Step step : steps) {
      now += (long) (step.time() * (step.far() ? far : Math.min(far, 3 * permit)));
      long permits = 1 + (long) (step.permits() * (limit.terms().burst() - 1));
      assertEquals(model.remaining(now), bucket.remaining(now));
      assertEquals(model.nanosUntil(permits, now), bucket.nanosUntil(permits, now));
      if (model.isWithin292Years(permits * 2, now)) {
        assertEquals(model.nanosUntil(permits * 2, now), bucket.nanosUntil(permits * 2, now));
      }
      if (model.nanosUntil(permits, now) == 0) {
        model.take(permits, now);
        assertTrue(bucket.tryTake(permits, now));
      } else if (limit.terms().burst() - model.remaining(now) >= permits) {
        model.giveBack(permits);
        bucket.algorithm.giveBack(bucket.cell, permits, now);
      }
    }
  }

  @Property(tries = 200)
  void neverGrantsMoreThanBurstPlusRateInAnyInterval(
      @ForAll @LongRange(min = 1, max = 50) long rate,
      @ForAll @LongRange(min = 1, max = 50) long perMillis,
      @ForAll @LongRange(min = 1, max = 20) long burst,
      @ForAll @Size(100) List<@From("steps") Step> steps) {
    record Grant(long at, long permits) {}
    var limit = new Limit.TokenBucket(rate, Duration.ofMillis(perMillis), burst);
    var bucket = new Bucket(limit);
    List<Grant> grants = new ArrayList<>();
    long now = SECOND;
    for (Step step : steps) {
      now += (long) (Math.abs(step.time()) * limit.terms().per().toNanos() / rate * 2);
      long permits = 1 + (long) (step.permits() * (burst - 1));
      if (bucket.tryTake(permits, now)) {
        grants.add(new Grant(now, permits));
      }
    }
    for (int from = 0; from < grants.size(); from++) {
      long sum = 0;
      for (Grant to : grants.subList(from, grants.size())) {
        sum += to.permits;
        BigInteger allowed =
            BigInteger.valueOf(burst)
                .multiply(BigInteger.valueOf(limit.terms().per().toNanos()))
                .add(
                    BigInteger.valueOf(rate)
                        .multiply(BigInteger.valueOf(to.at - grants.get(from).at)));
        BigInteger granted =
            BigInteger.valueOf(sum).multiply(BigInteger.valueOf(limit.terms().per().toNanos()));
        assertTrue(granted.compareTo(allowed) <= 0, limit + " from " + from + " to " + to);
      }
    }
  }

  /** So much time and so many permits, as parts of what the limit suggests. */
  record Step(double time, boolean far, double permits) {}

  /** Forward mostly, at the scale of a permit or of the whole bucket; sometimes back. */
  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.doubles().between(0, 1)),
                Tuple.of(1, Arbitraries.doubles().between(-0.5, 0))),
            Arbitraries.of(true, false),
            Arbitraries.doubles().between(0, 1))
        .as(Step::new);
  }

  @Provide
  Arbitrary<Limit.TokenBucket> limits() {
    return Combinators.combine(
            logUniform(Limit.MAX_PERMITS),
            logUniform(Limit.MAX_PER.toNanos()),
            logUniform(Limit.MAX_PERMITS))
        .as(TokenBucketTest::limitOrNone)
        .filter(Optional::isPresent)
        .map(Optional::orElseThrow);
  }

  private static Optional<Limit.TokenBucket> limitOrNone(long rate, long per, long burst) {
    try {
      return Optional.of(new Limit.TokenBucket(rate, Duration.ofNanos(per), burst));
    } catch (IllegalArgumentException fillsTooSlowly) {
      return Optional.empty();
    }
  }

  private static Arbitrary<Long> logUniform(long max) {
    return Arbitraries.integers()
        .between(0, 1_000)
        .map(part -> Math.clamp((long) Math.exp(Math.log(max) * part / 1_000), 1L, max));
  }

  private static final class Bucket {
    final TokenBucket algorithm;
    final Cell cell = new Cell(TokenBucket.COUNTS);

    Bucket(Limit.TokenBucket limit) {
      this.algorithm = new TokenBucket(limit.terms());
    }

    long remaining(long now) {
      return algorithm.remaining(cell, now);
    }

    long nanosUntil(long permits, long now) {
      return algorithm.nanosUntil(cell, permits, now);
    }

    boolean tryTake(long permits, long now) {
      if (nanosUntil(permits, now) > 0) {
        return false;
      }
      algorithm.take(cell, permits, now);
      return true;
    }
  }

  /** The same bucket in units of 1 / rate nanosecond, in numbers without end. */
  private static final class Model {
    private final Limit.TokenBucket limit;
    private final BigInteger per;
    private final BigInteger capacity;
    private BigInteger fullAt;

    Model(Limit.TokenBucket limit, long now) {
      this.limit = limit;
      this.per = BigInteger.valueOf(limit.terms().per().toNanos());
      this.capacity = per.multiply(BigInteger.valueOf(limit.terms().burst()));
      this.fullAt = scaled(now);
    }

    void take(long permits, long now) {
      fullAt = fullAt.max(scaled(now)).add(per.multiply(BigInteger.valueOf(permits)));
    }

    void giveBack(long permits) {
      fullAt = fullAt.subtract(per.multiply(BigInteger.valueOf(permits)));
    }

    long nanosUntil(long permits, long now) {
      return ceil(lacking(permits, now), BigInteger.valueOf(limit.terms().rate())).longValueExact();
    }

    boolean isWithin292Years(long permits, long now) {
      BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
      return lacking(permits, now).divide(BigInteger.valueOf(limit.terms().rate())).compareTo(most)
          < 0;
    }

    private BigInteger lacking(long permits, long now) {
      return fullAt
          .max(scaled(now))
          .add(per.multiply(BigInteger.valueOf(permits)))
          .subtract(scaled(now))
          .subtract(capacity)
          .max(BigInteger.ZERO);
    }

    long remaining(long now) {
      BigInteger used = fullAt.subtract(scaled(now)).max(BigInteger.ZERO);
      // A clock that went back far makes what is missing more than the burst, and than a long.
      BigInteger burst = BigInteger.valueOf(limit.terms().burst());
      return burst.subtract(ceil(used, per).min(burst)).longValueExact();
    }

    private BigInteger scaled(long nanos) {
      return BigInteger.valueOf(nanos).multiply(BigInteger.valueOf(limit.terms().rate()));
    }

    private static BigInteger ceil(BigInteger dividend, BigInteger divisor) {
      return dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }
  }
}
