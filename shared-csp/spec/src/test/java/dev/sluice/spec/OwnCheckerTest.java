package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cspm.Script;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our own checker says the same as ProB, and is fast enough to say so of the mesh at every build;
 * its counterexamples are the ones that the report explains.
 */
@Timeout(1800)
class OwnCheckerTest {

  static Stream<Model> models() {
    var models = Model.all().stream();
    return System.getProperty("deep") == null
        ? models
        : Stream.concat(models, Stream.of(Model.TWO_FAULTS));
  }

  @ParameterizedTest
  @MethodSource("models")
  void saysOfEveryAssertionWhatTheReportSays(Model model) throws Exception {
    var script = Script.load(model.file());
    assertEquals(model.assertions().size(), script.assertions().size());
    for (int i = 0; i < script.assertions().size(); i++) {
      String assertion = model.assertions().get(i);
      var verdict = script.check(script.assertions().get(i));
      System.out.println("own  " + model.name() + " " + verdict);
      assertEquals(model.isToHold(assertion), verdict.holds(), verdict::toString);
      if (!verdict.holds()) {
        String telltale = model.telltale(assertion);
        assertTrue(verdict.counterexample().contains(telltale), verdict::toString);
      }
    }
  }
}
