package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cookbook.Throughput.Rate;
import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;

@NoLeaks
class ThroughputTest {
  @Test
  void measuresTheChannelAndItsPeerAtEachCapacity() throws InterruptedException {
    var rates = Throughput.measure(100, Clock.system());
    assertEquals(
        List.of(
            "channel(0)",
            "SynchronousQueue",
            "channel(1)",
            "ArrayBlockingQueue(1)",
            "channel(16)",
            "ArrayBlockingQueue(16)",
            "channel(256)",
            "ArrayBlockingQueue(256)",
            "channel(4096)",
            "ArrayBlockingQueue(4096)"),
        rates.stream().map(Rate::name).toList());
    assertTrue(rates.stream().allMatch(rate -> rate.perSecond() > 0), rates.toString());
  }

  @Test
  void drawsTheHighestLongestAndTheOthersInProportion() {
    assertEquals(
        List.of(
            "  high                     ######################################## " + "   4,000,000",
            "  half                     ####################                     " + "   2,000,000",
            "  next to nothing          #                                        "
                + "           1"),
        Throughput.plot(
            List.of(
                new Rate("high", 4_000_000),
                new Rate("half", 2_000_000),
                new Rate("next to nothing", 1))));
  }

  @Test
  void nothingMeasuredIsNothingDrawn() {
    assertEquals(List.of(), Throughput.plot(List.of()));
  }
}
