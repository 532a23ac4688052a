package dev.sluice.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.observability.PromQl.LabelMatcher;
import dev.sluice.observability.PromQl.Selector;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromQlTest {

  @Test
  void findsMetricsAndTheirMatchersInsideFunctions() {
    var query =
        PromQl.parse("histogram_quantile(0.99, rate(a_bucket{x=\"1\",y=~'b|c'}[5m])) > 2.5");
    assertEquals(
        List.of(
            new Selector(
                "a_bucket",
                List.of(new LabelMatcher("x", "=", "1"), new LabelMatcher("y", "=~", "b|c")))),
        query.selectors());
  }

  @Test
  void tellsAggregationsAndKeywordsFromMetrics() {
    var query =
        PromQl.parse("sum by (q, s) (a) / on(q) group_left max without (t) (b) or c offset 5m");
    assertEquals(List.of("a", "b", "c"), query.selectors().stream().map(Selector::metric).toList());
    assertEquals(Set.of("q", "s", "t"), query.grouping());
  }

  @Test
  void readsNamesOfRecordingRules() {
    var query = PromQl.parse("service:slow:ratio_rate1h > 14.4 * 0.01");
    assertEquals(List.of(new Selector("service:slow:ratio_rate1h", List.of())), query.selectors());
  }

  @Test
  void refusesWhatItCannotJudge() {
    assertThrows(IllegalArgumentException.class, () -> PromQl.parse("{__name__=~\"a.+\"}"));
    assertThrows(IllegalArgumentException.class, () -> PromQl.parse("rate(a[$window]) ; b"));
  }
}
