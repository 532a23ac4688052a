package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
  private static final long START = Duration.ofDays(20_000).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void aPermitComesBackWhenTheWindowAndTheRestOfItsSliceHavePassed() {
    var cell = new Cell(SlidingWindow.COUNTS);
    var window = new SlidingWindow(new Limit.SlidingWindow(5, Duration.ofSeconds(1)));
    long middleOfSlice = START + SECOND / 20;
    window.take(cell, 5, middleOfSlice);

    assertEquals(0, window.remaining(cell, middleOfSlice));
    assertEquals(SECOND + SECOND / 20, window.nanosUntil(cell, 1, middleOfSlice));
    assertEquals(0, window.remaining(cell, START + SECOND + SECOND / 10 - 1));
    assertEquals(5, window.remaining(cell, START + SECOND + SECOND / 10));
  }

  @Test
  void thereIsNoBoundaryToBurstAcross() {
    var cell = new Cell(SlidingWindow.COUNTS);
    var window = new SlidingWindow(new Limit.SlidingWindow(100, Duration.ofSeconds(1)));
    window.take(cell, 100, START + SECOND - 1);

    assertEquals(0, window.remaining(cell, START + SECOND));
    assertEquals(0, window.remaining(cell, START + 2 * SECOND - 1));
  }

  @Test
  void whatIsGivenBackIsThereAgain() {
    var cell = new Cell(SlidingWindow.COUNTS);
    var window = new SlidingWindow(new Limit.SlidingWindow(10, Duration.ofSeconds(1)));
    window.take(cell, 4, START);
    window.take(cell, 3, START + SECOND / 2);

    window.giveBack(cell, 5, START + SECOND / 2);

    assertEquals(8, window.remaining(cell, START + SECOND / 2));
    assertEquals(10, window.remaining(cell, START + SECOND + SECOND / 10));
  }

  @Property
  void everyAnswerEqualsTheModels(
      @ForAll @LongRange(min = 1, max = 20) long limit,
      @ForAll @LongRange(min = 1, max = 10_000_000_000L) long per,
      @ForAll @Size(60) List<@From("steps") Double> steps,
      @ForAll @Size(60) List<@IntRange(min = 1, max = 20) Integer> permits) {
    var terms = new Limit.SlidingWindow(limit, Duration.ofNanos(per));
    var window = new SlidingWindow(terms);
    var cell = new Cell(SlidingWindow.COUNTS);
    var model = new Model(limit, Math.ceilDiv(per, 10));
    long now = START;
    for (int i = 0; i < steps.size(); i++) {
      now += (long) (steps.get(i) * per);
      long wanted = Math.min(permits.get(i), limit);
      assertEquals(limit - model.used(now), window.remaining(cell, now));
      assertEquals(model.nanosUntil(wanted, now), window.nanosUntil(cell, wanted, now));
      assertEquals(
          model.nanosUntil(wanted + 2 * limit, now),
          window.nanosUntil(cell, wanted + 2 * limit, now));
      if (model.nanosUntil(wanted, now) == 0) {
        model.take(wanted, now);
        window.take(cell, wanted, now);
      } else if (model.used(now) >= wanted && i % 3 == 0) {
        model.giveBack(wanted);
        window.giveBack(cell, wanted, now);
      }
    }
  }

  @Property
  void noIntervalAsLongAsTheWindowHoldsMoreThanTheLimit(
      @ForAll @LongRange(min = 1, max = 20) long limit,
      @ForAll @LongRange(min = 1, max = 1_000_000) long per,
      @ForAll @Size(100) List<@From("steps") Double> steps) {
    var window = new SlidingWindow(new Limit.SlidingWindow(limit, Duration.ofNanos(per)));
    var cell = new Cell(SlidingWindow.COUNTS);
    List<Long> grants = new ArrayList<>();
    long now = START;
    for (double step : steps) {
      now += (long) (Math.abs(step) * per);
      if (window.nanosUntil(cell, 1, now) == 0) {
        window.take(cell, 1, now);
        grants.add(now);
      }
    }
    for (int last = (int) limit; last < grants.size(); last++) {
      assertTrue(grants.get(last) - grants.get(last - (int) limit) >= per);
    }
  }

  /** Parts of the window: mostly forward, sometimes far, sometimes back. */
  @Provide
  Arbitrary<Double> steps() {
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.doubles().between(0, 0.3)),
        Tuple.of(1, Arbitraries.doubles().between(0, 3)),
        Tuple.of(1, Arbitraries.doubles().between(-0.5, 0)));
  }

  /** Keeps every permit with its slice. */
  private static final class Model {
    private final long limit;
    private final long slice;
    private final List<Long> taken = new ArrayList<>();
    private long latest = Long.MIN_VALUE;

    Model(long limit, long slice) {
      this.limit = limit;
      this.slice = slice;
    }

    private long current(long now) {
      return Math.max(now / slice, latest);
    }

    long used(long now) {
      return taken.stream().filter(each -> each > current(now) - 11).count();
    }

    void take(long permits, long now) {
      latest = current(now);
      for (long i = 0; i < permits; i++) {
        taken.add(latest);
      }
    }

    void giveBack(long permits) {
      for (long i = 0; i < permits; i++) {
        taken.removeLast();
      }
    }

    /** Slice by slice, each permit taken as soon as it is there. */
    long nanosUntil(long permits, long now) {
      List<Long> all = new ArrayList<>(taken);
      long rest = permits;
      for (long at = current(now); ; at++) {
        long here = at;
        long free = limit - all.stream().filter(each -> each > here - 11).count();
        for (; free > 0 && rest > 0; free--) {
          all.add(here);
          rest--;
        }
        if (rest == 0) {
          return Math.max(0, at == current(now) ? 0 : at * slice - now);
        }
      }
    }
  }
}
