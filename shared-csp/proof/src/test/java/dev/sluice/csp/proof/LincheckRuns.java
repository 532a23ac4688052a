package dev.sluice.csp.proof;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How long Lincheck looks: a little in every build, thoroughly with {@code -Ddeep}. */
final class LincheckRuns {
  private static final boolean DEEP = Boolean.getBoolean("deep");

  private LincheckRuns() {}

  /** Tries schedules one after the other, first those with few changes of thread. */
  static void modelCheck(Class<? extends LincheckSubject> subject) {
    LincheckSubject.patience = 0;
    new ModelCheckingOptions()
        .threads(3)
        .actorsPerThread(DEEP ? 3 : 2)
        .actorsBefore(2)
        .actorsAfter(2)
        .iterations(DEEP ? 200 : 6)
        .invocationsPerIteration(DEEP ? 5_000 : 200)
        .verifier(DualVerifier.class)
        .check(subject);
  }

  /** Runs on real threads as fast as they go. */
  static void stress(Class<? extends LincheckSubject> subject) {
    LincheckSubject.patience = 40;
    new StressOptions()
        .threads(3)
        .actorsPerThread(DEEP ? 4 : 3)
        .actorsBefore(2)
        .actorsAfter(2)
        .iterations(DEEP ? 200 : 10)
        .invocationsPerIteration(DEEP ? 20_000 : 1_000)
        .verifier(DualVerifier.class)
        .check(subject);
  }
}
