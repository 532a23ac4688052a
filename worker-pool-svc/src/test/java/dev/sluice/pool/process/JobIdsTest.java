package dev.sluice.pool.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobIdsTest {
  private final VirtualClock clock = new VirtualClock();
  private final JobIds ids = new JobIds(clock, new SplittableRandom(1));

  @Test
  void carryTheMillisecondTheVersionAndTheVariant() {
    clock.advance(Duration.ofMillis(1_234));
    UUID id = ids.next();

    assertEquals(
        VirtualClock.EPOCH.plusMillis(1_234).toEpochMilli(), id.getMostSignificantBits() >>> 16);
    assertEquals(7, id.version());
    assertEquals(2, id.variant());
  }

  @Test
  void areEachGreaterThanAllBeforeAlsoWithinAMillisecondAndAsText() {
    UUID before = ids.next();
    for (int i = 0; i < 100_000; i++) {
      if (i % 20_000 == 0) {
        clock.advance(Duration.ofMillis(1));
      }
      UUID id = ids.next();
      assertTrue(id.compareTo(before) > 0, before + " then " + id);
      assertTrue(id.toString().compareTo(before.toString()) > 0, before + " then " + id);
      before = id;
    }
  }

  @Test
  void areTheSameForTheSameTimeAndRandomness() {
    assertEquals(new JobIds(clock, new SplittableRandom(1)).next(), ids.next());
  }
}
