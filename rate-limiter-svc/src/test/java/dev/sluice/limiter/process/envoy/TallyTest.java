package dev.sluice.limiter.process.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.limiter.store.WindowCounters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {

  @ParameterizedTest(name = "limit {0}, near from {1}, before {2}, {3} hits")
  @CsvSource({
    "10, 8, 0, 1, 1 0 0 1 0",
    "10, 8, 8, 1, 1 0 1 1 0",
    "10, 8, 7, 3, 3 0 2 3 0",
    "10, 8, 10, 2, 2 2 0 0 2",
    "10, 8, 9, 3, 3 2 1 0 2",
    "10, 8, 2, 12, 12 4 2 0 4",
    "0, 0, 0, 1, 1 1 0 0 1",
    "10, 8, 9, 0, 0 0 0 0 0"
  })
  void saysWhichHitsAreOverNearAndWithin(
      long limit, long near, long before, long hits, String expected) {
    var count = new WindowCounters.Count(before, before + hits);
    Tally tally = Tally.of(limit, near, count, hits, true);
    assertEquals(
        expected,
        "%d %d %d %d %d"
            .formatted(
                tally.totalHits(),
                tally.overLimit(),
                tally.nearLimit(),
                tally.withinLimit(),
                tally.shadowMode()));
  }
}
