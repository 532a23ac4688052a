package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class RangeOverClosedTest {
  private static final List<Long> TEN = List.of(1L, 1L, 2L, 3L, 5L, 8L, 13L, 21L, 34L, 55L);

  @Test
  void theFirstTen() throws InterruptedException {
    assertEquals(TEN, RangeOverClosed.first(10));
  }

  @Test
  void noneAtAll() throws InterruptedException {
    assertEquals(List.of(), RangeOverClosed.first(0));
  }

  @RepeatedTest(20)
  void twoConsumersSplitThemAndEachValueIsReceivedOnce() throws InterruptedException {
    var split = RangeOverClosed.split(10);
    assertEquals(2, split.size());
    assertEquals(TEN, split.stream().flatMap(List::stream).sorted().toList());
    for (List<Long> part : split) {
      assertEquals(part.stream().sorted().toList(), part); // each in order
    }
  }

  @Test
  void aConsumerThatComesTooLateSeesTheEnd() throws InterruptedException {
    assertEquals(List.of(1L), RangeOverClosed.split(1).stream().flatMap(List::stream).toList());
    assertEquals(0, RangeOverClosed.split(0).stream().flatMap(List::stream).count());
    assertEquals(Stream.of(1L, 1L).toList(), RangeOverClosed.first(2));
  }
}
