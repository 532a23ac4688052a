package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
@Timeout(60)
class BoundedBufferTest {
  private static final int ITEMS = 1_000;
  private static final Duration PACE = Duration.ofMillis(1);

  private final VirtualClock clock = new VirtualClock();

  /** The last item finds room when the one that is K before it has been consumed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 64, 999})
  void theProducerSlowsToTheConsumersPace(int capacity) throws InterruptedException {
    var run = transfer(capacity);
    var room = PACE.multipliedBy(ITEMS - 1 - capacity);
    assertEquals(ITEMS, run.received());
    assertEquals(PACE.multipliedBy(ITEMS), run.consumed());
    assertTrue(run.produced().compareTo(room) >= 0, run::toString);
    assertTrue(run.produced().compareTo(run.consumed()) <= 0, run::toString);
  }

  private BoundedBuffer.Run transfer(int capacity) throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Channel<BoundedBuffer.Run> run = scope.channel("run", 1);
      scope.start("program", () -> run.send(BoundedBuffer.transfer(ITEMS, capacity, PACE, clock)));
      for (int item = 0; item < ITEMS; item++) {
        clock.awaitAlarms(1);
        clock.advance(PACE);
      }
      scope.join();
      return run.receive();
    }
  }
}
