package dev.sluice.csp.proof;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How long Lincheck looks: in every build at the races that are known to be hard, and at a few
 * random programs; with {@code -Ddeep} at many.
 */
final class LincheckRuns {
  private static final boolean DEEP = Boolean.getBoolean("deep");

  /** A thread that waits looks so often before it parks: no more is a loop without end. */
  private static final int LOOKS = 200;

  private LincheckRuns() {}

  /** Tries schedules one after the other, first those with few changes of thread. */
  static void modelCheck(Class<? extends LincheckSubject> subject, String... races) {
    LincheckSubject.patience = 0;
    var options =
        new ModelCheckingOptions()
            .threads(3)
            .actorsPerThread(DEEP ? 3 : 2)
            .actorsBefore(2)
            .actorsAfter(2)
            .loopBound(LOOKS)
            .iterations(DEEP ? 60 : 1)
            .invocationsPerIteration(DEEP ? 3_000 : 150)
            .verifier(DualVerifier.class);
    add(options, subject, races).check(subject);
  }

  /** Runs on real threads as fast as they go. */
  static void stress(Class<? extends LincheckSubject> subject, String... races) {
    LincheckSubject.patience = 40;
    var options =
        new StressOptions()
            .threads(3)
            .actorsPerThread(DEEP ? 4 : 3)
            .actorsBefore(2)
            .actorsAfter(2)
            .iterations(DEEP ? 60 : 1)
            .invocationsPerIteration(DEEP ? 10_000 : 500)
            .verifier(DualVerifier.class);
    add(options, subject, races).check(subject);
  }

  private static <O extends Options<O, ?>> O add(
      O options, Class<? extends LincheckSubject> subject, String... races) {
    for (String race : races) {
      options.addCustomScenario(scenario(subject, race));
    }
    return options;
  }

  /**
   * A program written as {@code sendFor 1; close | receiveFor}: threads apart by bars, their calls
   * by semicolons. What stands before {@code =>} runs first, alone.
   */
  private static ExecutionScenario scenario(
      Class<? extends LincheckSubject> subject, String program) {
    int first = program.indexOf("=>");
    List<Actor> before = first < 0 ? List.of() : calls(subject, program.substring(0, first));
    List<List<Actor>> threads =
        Arrays.stream(program.substring(first < 0 ? 0 : first + 2).split("\\|", -1))
            .map(thread -> calls(subject, thread))
            .toList();
    return new ExecutionScenario(before, threads, List.of(), null);
  }

  private static List<Actor> calls(Class<? extends LincheckSubject> subject, String calls) {
    var actors = new ArrayList<Actor>();
    for (String call : calls.strip().split(" *; *", -1)) {
      String[] words = call.split(" ", -1);
      actors.add(
          new Actor(
              method(subject, words[0]),
              Arrays.stream(words).skip(1).<Object>map(Integer::valueOf).toList()));
    }
    return actors;
  }

  private static Method method(Class<?> subject, String name) {
    return Arrays.stream(subject.getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> method.isAnnotationPresent(Operation.class))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no operation " + name));
  }
}
