package dev.sluice.market.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Policy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class OutletTest {
  private final Channel<Bar> queue = Channel.buffered(3);

  private static Bar bar(long start) {
    return new Bar("A", start, 1, 1, 1, 1, 1, 1, 0);
  }

  private List<Long> offered(Outlet outlet, int many) throws InterruptedException {
    for (int i = 0; i < many; i++) {
      outlet.offer(bar(i));
    }
    var left = new ArrayList<Bar>();
    queue.drainTo(left, 100);
    return left.stream().map(Bar::start).toList();
  }

  @Test
  void dropNewestKeepsWhatIsThere() throws Exception {
    var outlet = new Outlet(queue, Policy.DROP_NEWEST);
    assertEquals(List.of(0L, 1L, 2L), offered(outlet, 10));
    assertEquals(10, outlet.count().in());
    assertEquals(3, outlet.count().out());
    assertEquals(7, outlet.count().lost(Loss.DROPPED_NEWEST));
    assertTrue(outlet.count().isBalanced());
  }

  @Test
  void dropOldestKeepsWhatComes() throws Exception {
    var outlet = new Outlet(queue, Policy.DROP_OLDEST);
    assertEquals(List.of(7L, 8L, 9L), offered(outlet, 10));
    assertEquals(3, outlet.count().out());
    assertEquals(7, outlet.count().lost(Loss.DROPPED_OLDEST));
    assertTrue(outlet.count().isBalanced());
  }

  @Test
  void blockWaitsAndLosesNothing() throws Exception {
    var outlet = new Outlet(queue, Policy.BLOCK);
    var taken = new ArrayList<Long>();
    try (var scope = Scope.open("test")) {
      scope.start(
          "consumer",
          () -> {
            for (Bar bar : queue) {
              taken.add(bar.start());
            }
          });
      for (int i = 0; i < 1_000; i++) {
        outlet.offer(bar(i));
      }
      outlet.close();
      scope.join();
    }
    assertEquals(1_000, taken.size());
    assertEquals(999, taken.getLast());
    assertEquals(0, outlet.count().allLost());
  }

  @Test
  void dropOldestBesideAConsumerThatTakesCountsEachOnce() throws Exception {
    var outlet = new Outlet(queue, Policy.DROP_OLDEST);
    var taken = new ArrayList<Long>();
    try (var scope = Scope.open("test")) {
      scope.start(
          "consumer",
          () -> {
            for (Bar bar : queue) {
              taken.add(bar.start());
            }
          });
      for (int i = 0; i < 100_000; i++) {
        outlet.offer(bar(i));
      }
      outlet.close();
      scope.join();
    }
    assertEquals(100_000, taken.size() + outlet.count().allLost());
    assertEquals(taken.size(), outlet.count().out());
    assertEquals(taken.stream().sorted().toList(), taken);
  }
}
