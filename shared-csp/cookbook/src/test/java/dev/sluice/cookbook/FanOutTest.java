package dev.sluice.cookbook;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class FanOutTest {
  private final VirtualClock clock = new VirtualClock();

  @Test
  void eachItemIsDoneOnce() throws InterruptedException {
    var numbers = share(5, 100).stream().map(FanOut.Done::number).sorted().toList();
    assertEquals(IntStream.range(0, 100).boxed().toList(), numbers);
  }

  @Test
  void whenAllAreAsQuickEachDoesItsShare() throws InterruptedException {
    assertEquals(
        Map.of(0, 20L, 1, 20L, 2, 20L, 3, 20L, 4, 20L),
        share(5, 100).stream().collect(groupingBy(FanOut.Done::worker, counting())));
  }

  @Test
  void theResultsAreBoundedAndHoldTheWorkersBack() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<Integer> numbers = scope.channel("numbers", 0);
      var results = Stages.fanOut(scope, "results", 4, 3, numbers, _ -> number -> number);
      for (int number = 0; number < 4 + 3; number++) {
        numbers.send(number); // four results wait, and each worker has one that has no room
      }
      assertFalse(numbers.trySend(7));
      for (int i = 0; i < 4 + 3; i++) {
        results.receive();
      }
      numbers.send(7); // goes on
      numbers.close();
      assertEquals(7, results.receive());
      scope.join();
      assertTrue(results.isClosedForReceive());
    }
  }

  /** Runs the program: as often as all workers work, their time passes. */
  private List<FanOut.Done> share(int workers, int numbers) throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<List<FanOut.Done>> done = scope.channel("done", 1);
      scope.start("program", () -> done.send(FanOut.share(workers, numbers, clock)));
      for (int round = 0; round < numbers / workers; round++) {
        clock.awaitAlarms(workers);
        clock.advance(Duration.ofMillis(1));
      }
      scope.join();
      assertEquals(0, clock.alarms());
      return done.receive();
    }
  }
}
