package dev.sluice.cspm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole models, right ones and broken ones; ProB gives the same verdicts. */
class ModelsTest {

  @ParameterizedTest
  @CsvSource({
    "twophase.csp, PPPPPPP, 96",
    "twophase_broken.csp, PPPFFFF, 175",
    "twophase_deadlock.csp, FPPPPFF, 108",
    "buffer.csp, PPPPPPPP, 81",
    "buffer_broken.csp, PF, 27",
  })
  void theVerdictsAreThoseOfOtherTools(String model, String expected, int states) throws Exception {
    List<Verdict> verdicts = Script.loadResource("dev/sluice/cspm/" + model).check();
    String all = String.join("", verdicts.stream().map(each -> each.holds() ? "P" : "F").toList());
    assertEquals(expected, all, verdicts::toString);
    assertEquals(states, verdicts.getFirst().states());
    IntStream.range(0, verdicts.size())
        .forEach(
            i -> assertEquals(verdicts.get(i).holds(), verdicts.get(i).counterexample().isEmpty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "twophase_broken.csp; 3; after <begin, vote.1.yes, vote.2.no> the implementation may do"
            + " done.1.commit but the specification allows only {done.1.abort, done.2.abort,"
            + " outcome.abort, vote.1.no, vote.1.yes, vote.2.no, vote.2.yes}",
        "twophase_broken.csp; 5; after <begin> the implementation may offer only {done.1.commit,"
            + " done.2.abort} but the specification never offers less than {done.1.commit,"
            + " done.2.commit} or {done.1.abort, done.2.abort}",
        "twophase_deadlock.csp; 0; after <begin, prepare.1, prepare.2, timeout> it may deadlock",
        "buffer_broken.csp; 1; after <left.0, left.0, left.0> the implementation may offer only"
            + " {right.0} but the specification never offers less than {left.0, left.1, right.0}",
      })
  void aCounterexampleIsAShortestTraceAndWhatIsWrongAfterIt(
      String model, int assertion, String expected) throws Exception {
    var script = Script.loadResource("dev/sluice/cspm/" + model);
    assertEquals(expected, script.check(script.assertions().get(assertion)).counterexample());
  }
}
