package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.demo.Received.Calls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

  private static final Figures FIGURES =
      new Figures(
          1_234,
          1_230,
          2,
          1,
          0,
          new Figures.Waits(
              2, Duration.ofSeconds(125), Duration.ofMillis(1_250), Duration.ofSeconds(3)),
          Figures.Waits.NONE,
          4,
          2,
          new TreeMap<>(Map.of("422", 1, "500 x3", 1)),
          1,
          6,
          0);

  private static final Received RECEIVED =
      new Received(
          Map.of(
              "e1", new Calls(Map.of("j1", 1), 1),
              "e2", new Calls(Map.of("j2", 1), 1),
              "e3", new Calls(Map.of("j3", 1), 0),
              "e4", new Calls(Map.of("j4", 3), 0)),
          0);

  @Test
  void theTableHoldsOurCountAgainstTheTargets() {
    var outcome = new Outcome(FIGURES, RECEIVED, 0, List.of(), Duration.ofMillis(18_440));

    assertEquals(
        """
                                       ours  target's
          in                          1,234
          duplicates dropped          1,230
          through the mesh                2             1 accounts, none out of order
          throttled                       2             2 m 5 s in all, p50 1.3 s, max 3.0 s
          pushed back by the pool         0
          accepted                        4         4
          delivered                       2         2
          failed                          2         2   1 by 422, 1 by 500 x3
          retried                         1         1
          calls to the target             6         6
          lost                            0

        All 1,234 are accounted for, after 18.4 s.
        """,
        Report.table(outcome));
  }

  @Test
  void whatDoesNotAgreeIsShoutedOut() {
    var fewer = new Received(Map.of("e1", new Calls(Map.of("j1", 1), 1)), 0);
    var outcome =
        new Outcome(
            FIGURES,
            fewer,
            3,
            List.of("3 events lost: e2, e3, e4", "another thing"),
            Duration.ofSeconds(90));

    String table = Report.table(outcome);

    assertTrue(
        table.contains("accepted                        4         1   <<< MISMATCH\n"), table);
    assertTrue(
        table.contains("failed                          2         0   <<< MISMATCH 1 by 422"),
        table);
    assertTrue(table.contains("lost                            3\n"), table);
    assertTrue(
        table.endsWith(
            """

            !!! NOT ACCOUNTED FOR, after 90.0 s:
            !!! 3 events lost: e2, e3, e4
            !!! another thing
            """),
        table);
  }

  @Test
  void theProgressFitsIntoALineOfATerminal() {
    var waits = new Figures.Waits(9_999, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    var big = new Figures(9_999, 999, 0, 0, 0, waits, waits, 0, 1_111, Map.of("x", 999), 0, 0, 0);

    String line = Report.progress(big, Duration.ofSeconds(99));

    assertEquals(
        "99.0 s  in 9999  dup 999  throttled 9999  delivered 1111  failed 999  open 6890", line);
    assertTrue(line.length() < 80);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1.0 s",
    "1949, 1.9 s",
    "99949, 99.9 s",
    "99950, 1 m 39 s",
    "3725000, 62 m 5 s"
  })
  void aTimeIsReadable(long millis, String text) {
    assertEquals(text, Report.time(Duration.ofMillis(millis)));
  }
}
