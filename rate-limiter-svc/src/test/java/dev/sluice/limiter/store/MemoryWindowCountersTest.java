package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.limiter.store.WindowCounters.Count;
import dev.sluice.limiter.store.WindowCounters.Hits;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MemoryWindowCountersTest {
  private static final Window FIRST = new Window(0, 60);
  private static final Window SECOND = new Window(60, 120);

  private final MemoryWindowCounters counters = new MemoryWindowCounters(3);

  @Test
  void countsInEachWindowForItself() {
    assertEquals(new Count(0, 2), count("a", FIRST, 2));
    assertEquals(new Count(2, 5), count("a", FIRST, 3));
    assertEquals(new Count(0, 1), count("a", SECOND, 1));
    assertEquals(new Count(0, 1), count("b", FIRST, 1));
  }

  @Test
  void zeroHitsLook() {
    count("a", FIRST, 2);
    assertEquals(new Count(2, 2), count("a", FIRST, 0));
  }

  @Test
  void hitsAreGivenBackDownToZero() {
    count("a", FIRST, 2);
    assertEquals(new Count(2, 1), count("a", FIRST, -1));
    assertEquals(new Count(1, 0), count("a", FIRST, -5));
  }

  @Test
  void aCountNeverGoesRoundToBelowZero() {
    count("a", FIRST, Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE, count("a", FIRST, Long.MAX_VALUE).after());
    assertEquals(0, count("a", FIRST, -Long.MAX_VALUE).after());
  }

  @Test
  void keepsNoMoreCountersThanItMayAndNoneOfWindowsThatHaveEnded() {
    count("a", FIRST, 1);
    count("b", FIRST, 1);
    count("c", SECOND, 1);
    assertEquals(2, count("b", FIRST, 1).after(), "the known ones go on");

    var full = assertThrows(CompletionException.class, () -> count("d", SECOND, 1));
    assertEquals(
        "all 3 counters are in use",
        assertInstanceOf(WindowCounters.FullException.class, full.getCause()).getMessage());

    counters.sweep(59);
    assertEquals(3, counters.size());
    counters.sweep(60);
    assertEquals(1, counters.size());
    assertEquals(1, count("d", SECOND, 1).after());
  }

  @Test
  void whenThereIsNoRoomForOneNothingIsCounted() {
    count("a", FIRST, 1);
    count("b", FIRST, 1);
    var two = List.of(new Hits("c", FIRST, 1), new Hits("d", FIRST, 1));
    assertThrows(CompletionException.class, () -> counters.count(two).toCompletableFuture().join());
    assertEquals(2, counters.size());

    var sameTwice = List.of(new Hits("c", FIRST, 1), new Hits("c", FIRST, 1));
    assertEquals(2, counters.count(sameTwice).toCompletableFuture().join().get(1).after());
  }

  private Count count(String counter, Window window, long hits) {
    return counters
        .count(List.of(new Hits(counter, window, hits)))
        .toCompletableFuture()
        .join()
        .getFirst();
  }
}
