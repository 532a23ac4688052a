package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class PrioritySelectTest {
  @Test
  void prefersHighWhenBothAreReady() throws InterruptedException {
    var expected =
        Stream.concat(
                IntStream.rangeClosed(1, 100).mapToObj(i -> "high " + i),
                IntStream.rangeClosed(1, 100).mapToObj(i -> "low " + i))
            .toList();
    assertEquals(expected, PrioritySelect.bySelect(100, 100));
    assertEquals(expected, PrioritySelect.byStage(100, 100));
  }

  @Test
  void lowGetsAllWhenHighIsEmpty() throws InterruptedException {
    assertEquals(List.of("low 1", "low 2"), PrioritySelect.bySelect(0, 2));
    try (var scope = Scope.open("test")) {
      Channel<Integer> high = scope.channel("high", 0);
      Channel<Integer> low = scope.channel("low", 0);
      var ordered = Stages.prioritise(scope, "ordered", high, low);
      for (int i = 0; i < 100; i++) {
        low.send(i); // high is open, and silent
        assertEquals(i, ordered.receive());
      }
    }
  }

  @Test
  void endsWhenBothHaveClosedAndNotBefore() throws InterruptedException {
    assertEquals(List.of(), PrioritySelect.bySelect(0, 0));
    assertEquals(List.of("high 1"), PrioritySelect.bySelect(1, 0));
    try (var scope = Scope.open("test")) {
      Channel<Integer> high = scope.channel("high", 0);
      Channel<Integer> low = scope.channel("low", 0);
      var ordered = Stages.prioritise(scope, "ordered", high, low);
      low.close();
      high.send(1);
      assertEquals(1, ordered.receive());
      high.close();
      assertNull(ordered.receiveOrNull());
      scope.join();
    }
  }
}
