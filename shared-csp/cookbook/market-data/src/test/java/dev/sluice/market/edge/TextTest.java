package dev.sluice.market.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.market.Conservation;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.MarketView.ConservationView;
import dev.sluice.market.model.MarketView.ConsumerView;
import dev.sluice.market.model.MarketView.Percentiles;
import dev.sluice.market.model.MarketView.SourceView;
import dev.sluice.market.model.MarketView.StageView;
import dev.sluice.market.model.Policy;
import dev.sluice.market.model.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people read, to the letter. */
class TextTest {
  private static final Percentiles LATENCY = new Percentiles(9, 800_000, 2_500_000, 3_000_000);

  private static final MarketView VIEW =
      new MarketView(
          0,
          List.of(
              new StageView(
                  Stage.SOURCE,
                  new Count(9, 9, Map.of(), 0),
                  1234567,
                  1234567,
                  0,
                  0,
                  Percentiles.NONE),
              new StageView(
                  Stage.FILTER,
                  new Count(9, 7, Map.of(Loss.UNSUBSCRIBED, 2L), 0),
                  1000,
                  800,
                  380,
                  1024,
                  LATENCY)),
          List.of(
              new SourceView(
                  "g0",
                  9,
                  1234567,
                  new Count(0, 0, Map.of(Loss.CAPPED, 1L), 0),
                  BreakerState.HALF_OPEN,
                  false)),
          List.of(
              new ConsumerView(
                  "alerts",
                  Policy.DROP_NEWEST,
                  new Count(9, 5, Map.of(Loss.DROPPED_NEWEST, 4L), 0),
                  80,
                  64,
                  64,
                  new Percentiles(3, 1_010_000_000, 1_250_000_000, 2_000_000_000))),
          new ConservationView(12, 0, ""));

  @Test
  void showsAPipeline() {
    assertEquals(
        """
        stage               in/s        out/s  waiting in front of it           p50      p99  lost
        source         1,234,567    1,234,567                                     -        -
        filter             1,000          800  [#######.............]  37%   800 us   2.5 ms  unsubscribed 2

        source           ticks/s   breaker    lost at ingest, garbage
        g0             1,234,567   half-open  capped 1

        consumer          bars/s  when full    queue                        e2e p50  e2e p99  dropped
        alerts                80  drop-newest  [####################] 100%   1.01 s   1.25 s  4

        conservation: 12 checks, 0 faults    heap 93 MB\
        """,
        String.join("\n", LiveView.lines(VIEW, 93L << 20, 100)));
  }

  @Test
  void isNeverWiderThanTheTerminal() {
    for (String line : LiveView.lines(VIEW, 0, 40)) {
      assertTrue(line.length() <= 40, line);
    }
  }

  @Test
  void drawsDepths() {
    assertEquals("[....................]   0%", LiveView.bar(0, 0));
    assertEquals("[##########..........]  50%", LiveView.bar(32, 64));
    assertEquals("[####################] 100%", LiveView.bar(70, 64));
  }

  @Test
  void saysThatAllIsAccountedFor() {
    var row = new Conservation.Row("filter", new Count(9, 7, Map.of(Loss.UNSUBSCRIBED, 2L), 0));
    String text = ConservationTable.of(new Conservation(List.of(row), List.of()));
    assertEquals("filter 9 7 0 2 0", text.lines().toList().get(1).strip().replaceAll(" +", " "));
    assertTrue(text.endsWith("every tick is accounted for\n"), text);
  }

  @Test
  void endsWithWhatIsNotAccountedFor() {
    var row = new Conservation.Row("filter", new Count(9, 7, Map.of(Loss.CAPPED, 1L), 0));
    String text = ConservationTable.of(new Conservation(List.of(row), List.of("filter: 1 less")));
    assertTrue(text.contains("capped 1\n"), text);
    assertTrue(text.endsWith("UNACCOUNTED filter: 1 less\n"), text);
  }
}
