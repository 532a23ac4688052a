package dev.sluice.market.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Tick;
import dev.sluice.market.stage.LineParser;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
@Timeout(60)
class GeneratorTest {
  private static final List<String> SYMBOLS = List.of("A", "BB", "CCC");
  private static final long CENT = Tick.PRICE_SCALE / 100;

  private final LineParser parser = new LineParser();

  private static Generator generator(LineFormat format, long rate, long seed, double garbage) {
    return new Generator(new Generator.Settings("g", format, rate, seed, SYMBOLS, garbage));
  }

  private Tick tick(Rig rig) throws InterruptedException {
    return Objects.requireNonNull(parser.parse(Objects.requireNonNull(rig.next())));
  }

  private static List<String> lines(long seed, Duration slice) throws InterruptedException {
    try (var rig = new Rig(generator(LineFormat.CSV, 20_000, seed, 0.1), slice, 64).start()) {
      return rig.lines(20_000);
    }
  }

  @Test
  void theSameSeedMakesTheSameLinesInStepsOfAnyLength() throws Exception {
    List<String> lines = lines(1, Duration.ofMillis(10));
    assertEquals(lines, lines(1, Duration.ofMillis(10)));
    assertEquals(lines, lines(1, Duration.ofMillis(333)));
    assertNotEquals(lines, lines(2, Duration.ofMillis(10)));
  }

  @ParameterizedTest
  @EnumSource(LineFormat.class)
  void pricesWalkAndTimeGoesOn(LineFormat format) throws Exception {
    try (var rig = Rig.of(generator(format, 50_000, 3, 0))) {
      Map<String, Long> prices = new HashMap<>();
      long time = rig.opened;
      for (int i = 0; i < 20_000; i++) {
        Tick tick = tick(rig);
        assertTrue(tick.time() >= time, tick::toString);
        assertTrue(tick.price() >= CENT && tick.price() % CENT == 0, tick::toString);
        assertTrue(tick.size() > 0, tick::toString);
        Long before = prices.put(tick.symbol(), tick.price());
        assertTrue(before == null || Math.abs(tick.price() - before) <= 5 * CENT, tick::toString);
        time = tick.time();
      }
      assertEquals(3, prices.size());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 4000", "10, 2000", "1000, 200"})
  void theRateIsThatOfTheSettingsInTheMean(long rate, int seconds) throws Exception {
    try (var rig =
        new Rig(generator(LineFormat.CSV, rate, 4, 0), Duration.ofSeconds(1), 64).start()) {
      long ticks = 0;
      while (tick(rig).time() < rig.opened + 1_000L * seconds) {
        ticks++;
      }
      double mean = (double) ticks / seconds;
      assertTrue(mean > 0.93 * rate && mean < 1.07 * rate, "mean is " + mean);
    }
  }

  @Test
  void theRateChangesByTheMomentUpToThreeTimes() throws Exception {
    try (var rig = Rig.of(generator(LineFormat.CSV, 10_000, 5, 0))) {
      int[] perSlot = new int[600]; // of 50 ms, 500 ticks in the mean
      for (long slot = 0; slot < perSlot.length; slot = (tick(rig).time() - rig.opened) / 50) {
        perSlot[(int) slot]++;
      }
      int least = Integer.MAX_VALUE;
      int most = 0;
      for (int i = 1; i < perSlot.length - 1; i++) {
        least = Math.min(least, perSlot[i]);
        most = Math.max(most, perSlot[i]);
      }
      assertTrue(least >= 245 && least < 350, "least is " + least);
      assertTrue(most > 1_000 && most <= 1_510, "most is " + most);
    }
  }

  @Test
  void anOrderChangesTheRateAtTheNextStepAlsoOfASlowOne() throws Exception {
    try (var rig = new Rig(generator(LineFormat.CSV, 1, 6, 0), Duration.ofMillis(10), 64)) {
      rig.orders.send(new SourceOrder.Rate(10_000));
      rig.start();
      for (int i = 0; i < 5_000; i++) {
        assertTrue(tick(rig).time() < rig.opened + 2_000);
      }
      rig.orders.send(new SourceOrder.Rate(1));
      long before = tick(rig).time();
      long next = tick(rig).time();
      while (next - before < 100) {
        before = next;
        next = tick(rig).time();
      }
      rig.orders.send(new SourceOrder.Rate(10_000));
      while (next - before > 1) {
        before = next;
        next = tick(rig).time();
      }
      assertTrue(next > rig.opened);
    }
  }

  @ParameterizedTest
  @EnumSource(LineFormat.class)
  void garbageCannotBeReadAndTheRestCan(LineFormat format) throws Exception {
    try (var rig = Rig.of(generator(format, 50_000, 7, 1))) {
      for (int i = 0; i < 5_000; i++) {
        RawTick garbage = rig.next();
        assertNotNull(garbage);
        assertNull(parser.parse(garbage), () -> Arrays.toString(garbage.line()));
      }
      rig.orders.send(new SourceOrder.Garbage(0));
      RawTick next = Objects.requireNonNull(rig.next());
      while (parser.parse(next) == null) {
        next = Objects.requireNonNull(rig.next());
      }
      for (int i = 0; i < 5_000; i++) {
        assertNotNull(tick(rig));
      }
    }
  }

  @Test
  void aShareOfGarbageIsThatShare() throws Exception {
    try (var rig = Rig.of(generator(LineFormat.CSV, 50_000, 8, 0.25))) {
      int garbage = 0;
      for (int i = 0; i < 20_000; i++) {
        garbage += parser.parse(Objects.requireNonNull(rig.next())) == null ? 1 : 0;
      }
      assertTrue(garbage > 4_700 && garbage < 5_300, "garbage: " + garbage);
    }
  }

  @Test
  void sendsProbesThatCountAndStopsWhenTold() throws Exception {
    try (var rig = Rig.of(generator(LineFormat.CSV, 50_000, 9, 0))) {
      while (rig.probes.size() < 3) { // the rig compares their counts
        assertNotNull(rig.next());
        rig.clock.advance(Duration.ofMillis(1));
      }
      rig.stopAndJoin();
      assertNull(rig.next());
    }
  }

  @Test
  void endsWhenItIsCancelledWhileItHasNoRoom() throws Exception {
    try (var rig = new Rig(generator(LineFormat.CSV, 50_000, 9, 0), Duration.ofMillis(10), 1)) {
      rig.start();
      assertNotNull(rig.next());
      rig.scope.cancel();
      rig.scope.join();
      assertTrue(rig.scope.processes().isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, A, 0, 'rate is 0, must be 1 to 10000000 a second'",
    "10000001, A, 0, 'rate is 10000001, must be 1 to 10000000 a second'",
    "1, a, 0, 'symbol is ''a'', must be 1 to 16 of A-Z 0-9 . - / _'",
    "1, '', 0, 'symbol is '''', must be 1 to 16 of A-Z 0-9 . - / _'",
    "1, ABCDEFGHIJKLMNOPQ, 0,"
        + " 'symbol is ''ABCDEFGHIJKLMNOPQ'', must be 1 to 16 of A-Z 0-9 . - / _'",
    "1, A, 1.5, 'garbage is 1.5, must be 0 to 1'",
    "1, A, NaN, 'garbage is NaN, must be 0 to 1'",
  })
  void namesSettingsThatItCannotTake(long rate, String symbol, double garbage, String message) {
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Generator.Settings("g", LineFormat.CSV, rate, 1, List.of(symbol), garbage));
    assertEquals(message, wrong.getMessage());
  }
}
