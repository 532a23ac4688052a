package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.limiter.store.WindowCounters.Count;
import dev.sluice.limiter.store.WindowCounters.Hits;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryWindowCountersTest extends WindowCountersContract {
  private final MemoryWindowCounters counters = new MemoryWindowCounters(10);

  @Override
  WindowCounters counters() {
    return counters;
  }

  @Override
  void awaitAnswers() {
    assertFalse(counters.isWaiting());
  }

  @Test
  void keepsNoMoreCountersThanItMayAndNoneOfWindowsThatHaveEnded() {
    for (int i = 0; i < 9; i++) {
      count("first-" + i, FIRST, 1);
    }
    count("second", SECOND, 1);
    assertEquals(2, count("first-0", FIRST, 1).after(), "the known ones go on");

    assertEquals(
        new Outcome.Full("all 10 counters are in use"),
        answer(List.of(new Hits("one more", SECOND, 1))));

    counters.sweep(now(), Instant.ofEpochSecond(59));
    assertEquals(10, counters.size());
    counters.sweep(now(), Instant.ofEpochSecond(60));
    assertEquals(1, counters.size());
    assertEquals(new Count(0, 1), count("one more", SECOND, 1));
  }

  @Test
  void whenThereIsNoRoomForOneNothingIsCounted() {
    for (int i = 0; i < 9; i++) {
      count("known-" + i, FIRST, 1);
    }
    assertEquals(
        new Outcome.Full("all 10 counters are in use"),
        answer(List.of(new Hits("c", FIRST, 1), new Hits("d", FIRST, 1))));
    assertEquals(9, counters.size());

    var sameTwice = List.of(new Hits("c", FIRST, 1), new Hits("c", FIRST, 1));
    assertEquals(List.of(new Count(0, 1), new Count(1, 2)), counted(sameTwice));
  }
}
