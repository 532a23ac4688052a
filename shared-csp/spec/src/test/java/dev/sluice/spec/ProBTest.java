package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.WorkerPool;
import dev.sluice.csp.patterns.WorkerPool.Submission.Accepted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * The claim: a checker that is not ours says of every assertion what the report says. Without
 * {@code -Ddeep} it is asked about the pool and the limiter, and of their broken variants only
 * about what must fail. The mesh takes it most of a minute for each assertion.
 */
@Timeout(7200)
class ProBTest {
  private static final boolean DEEP = System.getProperty("deep") != null;
  private static final Duration MOST = Duration.ofMinutes(30);
  private static final int AT_ONCE = 2;
  private static final int MOST_CHECKS = 256;

  @SuppressWarnings("NullAway.Init")
  private static ProB prob;

  private record Check(Model model, String assertion) {
    ProB.Verdict run() throws IOException, InterruptedException {
      return prob.check(model.file(), assertion, MOST);
    }

    void print(ProB.Verdict verdict) {
      System.out.printf(
          "ProB %-20s %s %7d ms  %s%n",
          model.name(), verdict.holds() ? "holds" : "FAILS", verdict.time().toMillis(), assertion);
      if (!verdict.holds()) {
        System.out.println("     after " + String.join(", ", verdict.trace()));
      }
    }

    void isAsReported(ProB.Verdict verdict) {
      String what = model.name() + ": " + assertion;
      assertEquals(model.isToHold(assertion), verdict.holds(), what + verdict.output());
      boolean isShown = verdict.trace().stream().noneMatch(event -> event.startsWith("!"));
      if (!verdict.holds() && isShown) { // not always can it replay what it has found
        String telltale = model.telltale(assertion);
        assertTrue(
            verdict.trace().stream().anyMatch(event -> event.startsWith(telltale)),
            what + ": " + telltale + " is not in " + verdict.trace());
      }
    }
  }

  private record Asked(Check check, Reply<ProB.Verdict> reply) {}

  @BeforeAll
  static void unpack() throws Exception {
    try {
      prob = ProB.in(Path.of("target", "prob").toAbsolutePath());
    } catch (ProB.Unavailable unavailable) {
      String message = "NOT CHECKED with ProB, which cannot run here: " + unavailable.getMessage();
      System.out.println(message);
      abort(message);
    }
  }

  @Test
  void saysOfEveryAssertionWhatTheReportSays() throws Exception {
    List<Executable> claims = new ArrayList<>();
    try (var scope = Scope.open("checks")) {
      var pool =
          WorkerPool.<Check, ProB.Verdict>start(scope, "prob", AT_ONCE, MOST_CHECKS, Check::run);
      List<Asked> all = new ArrayList<>();
      for (Check check : checks()) {
        if (pool.submit(check) instanceof Accepted<ProB.Verdict>(var reply)) {
          all.add(new Asked(check, reply));
        }
      }
      for (Asked asked : all) {
        ProB.Verdict verdict = asked.reply().await();
        asked.check().print(verdict);
        claims.add(() -> asked.check().isAsReported(verdict));
      }
      pool.close();
    }
    assertEquals(checks().size(), claims.size());
    assertAll(claims);
  }

  private static List<Check> checks() throws IOException {
    List<Check> checks = new ArrayList<>();
    for (Model model : DEEP ? Model.all() : Model.SMALL) {
      for (String assertion : model.assertions()) {
        if (DEEP || model.failing().isEmpty() || !model.isToHold(assertion)) {
          checks.add(new Check(model, assertion));
        }
      }
    }
    return checks;
  }
}
