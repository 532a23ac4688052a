package dev.sluice.csp.proof;

import dev.sluice.csp.proof.DualModel.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.HBClock;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.LincheckResult;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.verifier.CachedVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether what concurrent calls have answered can be explained by a sequential history, for
 * a data structure whose calls wait for each other.
 *
 * <p>Lincheck's own verifier makes each call happen at one instant, and so cannot say what a
 * rendezvous is: there a send and a receive need each other. Of calls that wait it knows only those
 * of Kotlin's coroutines. Here a call is one step when it need not wait, and two when it must (it
 * arrives and joins the queue; later a partner or a close ends it, or it takes itself back), as in
 * Scherer and Scott's dual data structures. {@link DualModel} says what the steps do. This class
 * looks for an order of them that keeps the order of calls that did not overlap, and in which every
 * call answers what it has answered.
 */
public final class DualVerifier extends CachedVerifier {
  private final Subject subject;

  /** Made by Lincheck with the class that is tested. */
  public DualVerifier(Class<?> tested) {
    try {
      subject = (Subject) tested.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(tested + " is not a subject that can be made", e);
    }
  }

  /** What a tested class must tell of itself. */
  public interface Subject {
    /** Of its channels, in the order in which its calls number them. */
    List<Integer> capacities();

    /** What a method of it does, apart from what it answers. */
    DualModel.Action action(String method, List<Object> arguments);
  }

  @Override
  public boolean verifyResultsImpl(ExecutionScenario scenario, ExecutionResult results) {
    var phases = new ArrayList<List<List<Call>>>();
    phases.add(List.of(calls(scenario.getInitExecution(), results.getInitResults())));
    var together = new ArrayList<List<Call>>();
    for (int thread = 0; thread < scenario.getParallelExecution().size(); thread++) {
      together.add(
          callsWithClock(
              scenario.getParallelExecution().get(thread),
              results.getParallelResultsWithClock().get(thread)));
    }
    phases.add(together);
    phases.add(List.of(calls(scenario.getPostExecution(), results.getPostResults())));
    return explains(phases, DualModel.of(subject.capacities()));
  }

  /** Whether a run of these phases, one after the other, can have answered what the calls say. */
  private static boolean explains(List<List<List<Call>>> phases, DualModel start) {
    Set<DualModel> states = Set.of(start);
    for (List<List<Call>> phase : phases) {
      var ends = new HashSet<DualModel>();
      for (DualModel state : states) {
        collectEnds(phase, state.withThreads(phase.size()), ends, new HashSet<>());
      }
      states = ends;
    }
    return !states.isEmpty();
  }

  private static void collectEnds(
      List<List<Call>> phase, DualModel state, Set<DualModel> ends, Set<DualModel> seen) {
    if (!seen.add(state)) {
      return;
    }
    if (state.hasEnded(phase)) {
      ends.add(state.withThreads(0));
      return;
    }
    for (DualModel next : state.steps(phase)) {
      collectEnds(phase, next, ends, seen);
    }
  }

  private List<Call> calls(List<Actor> actors, List<? extends LincheckResult> results) {
    var calls = new ArrayList<Call>();
    for (int i = 0; i < actors.size(); i++) {
      calls.add(call(actors.get(i), results.get(i), List.of()));
    }
    return calls;
  }

  private List<Call> callsWithClock(List<Actor> actors, List<ResultWithClock> results) {
    var calls = new ArrayList<Call>();
    for (int i = 0; i < actors.size(); i++) {
      HBClock clock = results.get(i).getClockOnStart();
      var before = new ArrayList<Integer>();
      for (int thread = 0; thread < clock.getThreads(); thread++) {
        before.add(clock.get(thread));
      }
      calls.add(call(actors.get(i), results.get(i).getResult(), before));
    }
    return calls;
  }

  private Call call(Actor actor, @Nullable LincheckResult result, List<Integer> before) {
    String answer =
        result instanceof ValueResult value
            ? String.valueOf(value.getValue())
            : String.valueOf(result);
    return new Call(
        subject.action(actor.getMethod().getName(), actor.getArguments()), answer, before);
  }
}
