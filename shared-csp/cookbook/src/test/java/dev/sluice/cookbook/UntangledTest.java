package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.cookbook.soup.SoupDesk;
import dev.sluice.cookbook.structured.StructuredDesk;
import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The desks' own tests are in {@code orders}; these are of what the program says about them. */
@NoLeaks
class UntangledTest {
  @Test
  void bothDesksBookTheSame() throws InterruptedException {
    var expected = Map.of("Ann", 14L, "Bob", 3L);
    assertEquals(expected, Untangled.trade(SoupDesk::open));
    assertEquals(expected, Untangled.trade(StructuredDesk::open));
  }

  @Test
  void eachClosingOfABusyDeskIsMeasured() throws InterruptedException {
    long[] nanos = Untangled.closings(20, Clock.system());
    assertEquals(20, nanos.length);
    assertEquals(0, Arrays.stream(nanos).filter(each -> each <= 0).count());
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    assertEquals(Arrays.toString(sorted), Arrays.toString(nanos));
  }

  @ParameterizedTest
  @CsvSource({"50, 5", "90, 9", "91, 10", "99, 10", "100, 10", "1, 1"})
  void aPercentileIsTheLeastValueThatSoManyDoNotExceed(int percent, long expected) {
    assertEquals(
        expected, Untangled.percentile(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, percent));
  }
}
