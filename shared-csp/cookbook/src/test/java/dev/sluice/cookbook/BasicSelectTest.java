package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cookbook.BasicSelect.Taken;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@code @NoLeaks} holds that the sources end with the consumer. */
@NoLeaks
class BasicSelectTest {
  private static final int BOTH_SOURCES = 2;
  private static final int RUNS = 200;

  private final VirtualClock clock = new VirtualClock();

  @Test
  void takesTwentyInAllAndTheSourcesEndWithIt() throws InterruptedException {
    Taken taken = take(new SplittableRandom(1));
    assertEquals(20, taken.left() + taken.right());
    assertEquals(0, clock.alarms(), "no source waits for its next value");
  }

  @Test
  void twentyValuesTakeAtLeastTheTimeThatTwoSourcesNeedForThem() throws InterruptedException {
    take(new SplittableRandom(1));
    Duration taken = Duration.between(VirtualClock.EPOCH, clock.instant());
    assertTrue(taken.compareTo(Duration.ofMillis(500)) >= 0, taken.toString());
    assertTrue(taken.compareTo(Duration.ofSeconds(4)) <= 0, taken.toString());
  }

  @Test
  void overManyRunsBothSourcesGetTheirHalf() throws InterruptedException {
    var random = new SplittableRandom(4);
    Taken all = new Taken(0, 0);
    for (int i = 0; i < RUNS; i++) {
      all = all.plus(take(random.split()));
    }
    int half = RUNS * BasicSelect.WANTED / 2;
    assertEquals(2 * half, all.left() + all.right());
    assertTrue(Math.abs(all.left() - half) < half / 10, all.toString());
  }

  /** Runs the program while another process moves the time on. */
  private Taken take(SplittableRandom random) throws InterruptedException {
    try (var time = Scope.open("time")) {
      time.start("mover", this::moveOn);
      Taken taken = BasicSelect.take(BasicSelect.WANTED, clock, random);
      time.cancel();
      time.join();
      return taken;
    }
  }

  /** A millisecond at a time, whenever both sources wait for their next value. */
  private void moveOn() throws InterruptedException {
    while (true) {
      clock.awaitAlarms(BOTH_SOURCES);
      clock.advance(Duration.ofMillis(1));
    }
  }
}
