package dev.sluice.market.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.market.model.Bar;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final long PATIENCE = Duration.ofMillis(100).toNanos();

  private final Windows windows =
      new Windows(
          Duration.ofSeconds(1), Duration.ofMillis(5), Duration.ofNanos(PATIENCE), 2, 10_000);

  private static Tick tick(int source, long time, long price) {
    return new Tick(source, "A", price, 10, time, time);
  }

  /** The other source has nothing to say. */
  private void aloneIs0() {
    windows.probe(1);
    windows.probe(1);
  }

  private List<Bar> flushed(long now) {
    windows.flush(now);
    var bars = new ArrayList<Bar>();
    while (!windows.closed().isEmpty()) {
      bars.add(windows.sent());
    }
    return bars;
  }

  @Test
  void aBarHasTheFirstTheHighestTheLowestAndTheLastPriceByTime() {
    for (Tick tick :
        List.of(
            tick(0, 10_100, 5),
            tick(0, 10_300, 9),
            tick(1, 10_050, 7),
            tick(1, 10_900, 2),
            tick(0, 10_900, 3),
            tick(0, 11_006, 1),
            tick(1, 11_006, 1))) {
      assertNull(windows.add(tick, 0));
    }
    assertEquals(List.of(new Bar("A", 10_000, 7, 9, 2, 3, 50, 5, 10_050)), flushed(0));
    assertEquals(2, windows.held());
  }

  @Test
  void aWindowIsOpenUntilTheSlowestSourceHasPassedItsEndByTheLateness() {
    windows.add(tick(0, 10_500, 1), 0);
    windows.add(tick(1, 10_600, 1), 0);
    windows.add(tick(0, 13_000, 1), 0);
    assertEquals(List.of(), flushed(99_000));
    windows.add(tick(1, 11_004, 1), 0);
    assertEquals(List.of(), flushed(99_000));
    windows.add(tick(1, 11_005, 1), 0);
    assertEquals(1, flushed(99_000).size());
  }

  @Test
  void nothingIsClosedBeforeSomethingOfEachSourceHasCome() {
    windows.add(tick(0, 10_500, 1), 0);
    windows.add(tick(0, 12_500, 1), 0);
    windows.probe(1); // ticks may be right behind it
    assertEquals(List.of(), flushed(99_000));
    windows.probe(1);
    assertEquals(1, flushed(99_000).size());
  }

  @Test
  void aSourceThatHasSentNothingBetweenTwoProbesIsNotWaitedFor() {
    windows.add(tick(0, 10_500, 1), 0);
    windows.add(tick(1, 10_600, 1), 0);
    windows.probe(1);
    windows.add(tick(0, 12_500, 1), 0);
    assertEquals(List.of(), flushed(99_000));
    windows.probe(1);
    assertEquals(1, flushed(99_000).size());
    windows.add(tick(1, 11_600, 1), 0); // it is back
    windows.add(tick(0, 14_500, 1), 0);
    assertEquals(List.of(), flushed(99_000));
  }

  @Test
  void aTickOfAWindowThatWasClosedIsLateAndChangesNothing() {
    aloneIs0();
    windows.add(tick(0, 10_500, 1), 0);
    windows.add(tick(0, 11_500, 1), 0);
    assertEquals(1, flushed(0).size());
    assertEquals(Loss.LATE, windows.add(tick(1, 10_999, 1), 0));
    assertNull(windows.add(tick(1, 11_000, 1), 0));
    assertEquals(2, windows.held());
  }

  @Test
  void aTickBeforeTheOpeningIsLate() {
    assertEquals(Loss.LATE, windows.add(tick(0, 9_999, 1), 0));
    assertEquals(0, windows.held());
  }

  @Test
  void aTickThatIsFarAheadIsEarly() {
    for (int i = 0; i <= Windows.MAX_BEHIND; i++) {
      assertNull(windows.add(tick(0, 10_000 + 1_000L * i, 1), 0));
    }
    long ahead = 11_000 + 1_000L * Windows.MAX_BEHIND;
    assertEquals(Loss.EARLY, windows.add(tick(0, ahead, 1), 0));
    assertNull(windows.add(tick(1, 10_000, 1), 0)); // in one that is open
  }

  @Test
  void aSourceWithAWrongClockLosesItsOwnTicksOnly() {
    windows.add(tick(0, 10_500, 1), 0);
    assertEquals(Loss.EARLY, windows.add(tick(1, 253_402_300_799_999L, 1), 0));
    windows.probe(1);
    windows.probe(1);
    windows.add(tick(0, 11_500, 1), 0);
    assertEquals(1, flushed(99_000).size());
    assertNull(windows.add(tick(0, 11_600, 1), 0));
  }

  @Test
  void aSilentSourceIsNotWaitedForWhenPatienceIsOver() {
    windows.add(tick(1, 10_100, 1), 0);
    windows.add(tick(0, 10_200, 1), 0);
    windows.listen(PATIENCE - 1);
    windows.add(tick(0, 11_100, 1), 0);
    assertEquals(List.of(), flushed(0));
    windows.listen(1);
    assertEquals(1, flushed(0).size());
  }

  @Test
  void aSourceThatIsFarBehindStopsNobody() {
    windows.add(tick(1, 10_100, 1), 0);
    for (int i = 0; i <= Windows.MAX_BEHIND + 1; i++) {
      windows.add(tick(0, 10_200 + 1_000L * i, 1), 0);
    }
    assertTrue(flushed(0).size() > 0);
  }

  @Test
  void whenAllAreSilentTimeGoesOnByTheClockThatMuchBehind() {
    aloneIs0();
    windows.add(tick(0, 10_500, 1), 0);
    windows.listen(PATIENCE);
    assertEquals(List.of(), flushed(0));
    windows.listen(Duration.ofMillis(505).toNanos() - 1);
    assertEquals(List.of(), flushed(0));
    windows.listen(1_000_000);
    assertEquals(1, flushed(0).size());
    assertNull(windows.add(tick(0, 11_000, 1), 0)); // and then it may come again
  }

  @Test
  void silenceCountsOnlyWhileTheStageListens() {
    aloneIs0();
    windows.add(tick(0, 10_500, 1), 0);
    assertEquals(List.of(), flushed(Long.MAX_VALUE / 2)); // the day's time says nothing
  }

  @Test
  void beforeTheFirstTickNothingIsClosedHoweverLongItTakes() {
    aloneIs0();
    windows.listen(Duration.ofMinutes(1).toNanos());
    assertEquals(List.of(), flushed(70_000));
    assertNull(windows.add(tick(0, 10_000, 1), 70_000));
  }

  @Test
  void aTickWithoutATimeBelongsToTheWindowOfTheLatest() {
    windows.add(tick(0, 12_500, 1), 0);
    windows.add(new Tick(1, "B", 4, 0, Tick.NO_TIME, 0), 99_000);
    windows.flushAll();
    assertEquals(List.of(12_000L, 12_000L), windows.closed().stream().map(Bar::start).toList());
  }

  @Test
  void aTickWithoutATimeAloneBelongsToTheWindowOfTheClock() {
    windows.listen(PATIENCE);
    assertNull(windows.add(new Tick(1, "B", 4, 0, Tick.NO_TIME, 0), 15_200));
    assertEquals(List.of(), flushed(16_104));
    assertEquals(15_000, flushed(16_105).getFirst().start());
  }
}
