package dev.sluice.limiter.process.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.process.envoy.WindowCounters.Count;
import dev.sluice.limiter.process.envoy.WindowCounters.Hits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MemoryWindowsTest {
  private final VirtualClock clock = new VirtualClock();
  private final MemoryWindows windows = new MemoryWindows(clock, 3, false);

  @Test
  void countsInTheWindowAndAnewInTheNext() {
    assertEquals(new Count(0, 2, Duration.ofSeconds(60)), count("a", Unit.MINUTE, 2));
    clock.advance(Duration.ofMillis(59_999));
    assertEquals(new Count(2, 5, Duration.ofSeconds(1)), count("a", Unit.MINUTE, 3));
    clock.advance(Duration.ofMillis(1));
    assertEquals(new Count(0, 1, Duration.ofSeconds(60)), count("a", Unit.MINUTE, 1));
  }

  @Test
  void eachUnitHasACountOfItsOwn() {
    count("a", Unit.MINUTE, 2);
    assertEquals(0, count("a", Unit.HOUR, 1).before());
  }

  @Test
  void hitsAreGivenBackDownToZero() {
    count("a", Unit.MINUTE, 2);
    assertEquals(1, count("a", Unit.MINUTE, -1).after());
    assertEquals(0, count("a", Unit.MINUTE, -5).after());
  }

  @Test
  void aCountNeverGoesRoundToBelowZero() {
    count("a", Unit.MINUTE, Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE, count("a", Unit.MINUTE, Long.MAX_VALUE).after());
    assertEquals(0, count("a", Unit.MINUTE, -Long.MAX_VALUE).after());
  }

  @Test
  void keepsNoMoreCountersThanItMayAndNoneOfWindowsThatHaveEnded() {
    count("a", Unit.MINUTE, 1);
    count("b", Unit.MINUTE, 1);
    count("c", Unit.HOUR, 1);
    assertEquals(2, count("b", Unit.MINUTE, 1).after());

    var full = assertThrows(CompletionException.class, () -> count("d", Unit.MINUTE, 1));
    assertEquals(
        "all 3 counters are in use",
        assertInstanceOf(WindowCounters.FullException.class, full.getCause()).getMessage());

    clock.advance(Duration.ofMinutes(1));
    windows.sweep();
    assertEquals(1, windows.size());
    assertEquals(1, count("d", Unit.MINUTE, 1).after());
  }

  @Test
  void whenThereIsNoRoomNothingIsCounted() {
    count("a", Unit.MINUTE, 1);
    count("b", Unit.MINUTE, 1);
    var two = List.of(new Hits("c", Unit.MINUTE, 1), new Hits("d", Unit.MINUTE, 1));
    assertThrows(CompletionException.class, () -> windows.count(two).toCompletableFuture().join());
    assertEquals(2, windows.size());
    var sameTwice = List.of(new Hits("c", Unit.MINUTE, 1), new Hits("c", Unit.MINUTE, 1));
    assertEquals(2, windows.count(sameTwice).toCompletableFuture().join().get(1).after());
  }

  private Count count(String counter, Unit unit, long hits) {
    return windows
        .count(List.of(new Hits(counter, unit, hits)))
        .toCompletableFuture()
        .join()
        .getFirst();
  }
}
