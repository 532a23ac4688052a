package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cspm.NotAllowedException;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.process.MeshSimulation.Fault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the mesh does is what its model allows: simulated runs with faults, recorded and replayed
 * against {@code MESH_TRACE}, slice by slice.
 */
class MeshConformanceTest {
  private static final int RUNS = Integer.getInteger("conformance.runs", 1000);
  private static final int REQUESTS = 40;
  private static final int UNDER_WAY = 5;

  /** So many recordings a mutation has to spoil, in no more than so many runs. */
  private static final int ENOUGH = 5;

  private static final int MOST_RUNS = 300;

  private static final MeshPromises MODEL = new MeshPromises();

  @Test
  void recordedRunsAreTracesOfTheModel() {
    int recordings = 0;
    int tooMany = 0;
    long events = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      for (List<MeshStep> steps : record(seed).values()) {
        List<String> named;
        try {
          named = MeshRecording.events(steps);
        } catch (IllegalStateException _) {
          tooMany++;
          continue;
        }
        replay(seed, named);
        recordings++;
        events += named.size();
      }
    }
    System.out.println(
        recordings + " recordings of " + RUNS + " runs, " + events + " events, all allowed");
    assertTrue(recordings > 2 * RUNS, recordings + " recordings");
    assertTrue(tooMany <= RUNS / 10, tooMany + " recordings with too many requests at once");
  }

  // Mutations: what a broken mesh would have recorded is not allowed

  @Test
  void aRouterThatAcceptsAStaleAnswerIsFound() {
    rejects(event -> event.startsWith("drop.") ? event.replace("drop.", "answer.") : event);
  }

  @Test
  void aSupervisorThatGivesAShardTwiceIsFound() {
    rejects(event -> event.startsWith("release.") ? null : event);
  }

  @Test
  void aWorkerThatRunsWhatItRememberedIsFound() {
    var steps =
        List.of(
            new MeshStep.Accept("r", "a"),
            own(1),
            deliver("a"),
            run("a"),
            new MeshStep.TakeBack("r", "a"),
            deliver("a"));
    replay(0, MeshRecording.events(steps));
    var twice = new ArrayList<MeshStep>(steps);
    twice.add(run("a"));
    assertThrows(NotAllowedException.class, () -> events(MeshRecording.events(twice)));
  }

  @Test
  void aWorkerThatRunsOutOfOrderIsFound() {
    var steps =
        List.of(
            new MeshStep.Accept("r", "a"),
            new MeshStep.Accept("r", "b"),
            own(1),
            deliver("a"),
            deliver("b"),
            run("b"),
            run("a"));
    assertThrows(NotAllowedException.class, () -> events(MeshRecording.events(steps)));
  }

  @Test
  void aRouterThatForgetsAnAcceptedRequestIsFound() {
    var steps =
        List.of(
            new MeshStep.Accept("r", "a"),
            new MeshStep.Restart("r"),
            new MeshStep.Accept("r", "b"),
            own(1),
            deliver("b"));
    assertThrows(NotAllowedException.class, () -> events(MeshRecording.events(steps)));
  }

  @Test
  void aSupervisorThatDoesNotAwaitTheLeaseIsFound() {
    var worker = new WorkerId("worker-0", 1);
    var steps =
        List.of(
            new MeshStep.Accept("r", "a"),
            new MeshStep.Accept("r", "b"),
            own(1),
            deliver("a"),
            deliver("b"),
            new MeshStep.Fence(worker, 1),
            run("a"),
            run("b"));
    assertThrows(NotAllowedException.class, () -> events(MeshRecording.events(steps)));
  }

  private static MeshStep own(long epoch) {
    return new MeshStep.Own(new WorkerId("worker-0", 1), epoch);
  }

  private static MeshStep deliver(String id) {
    return new MeshStep.Deliver("r", new WorkerId("worker-0", 1), 1, id);
  }

  private static MeshStep run(String id) {
    return new MeshStep.Run(new WorkerId("worker-0", 1), 1, id);
  }

  /** Changes what was recorded, where there is something to change: the model notices. */
  private void rejects(Function<String, @Nullable String> mutation) {
    int rejected = 0;
    for (long seed = 0; seed < MOST_RUNS && rejected < ENOUGH; seed++) {
      for (List<MeshStep> steps : record(seed).values()) {
        var mutated = new ArrayList<String>();
        for (String event : MeshRecording.events(steps)) {
          String other = mutation.apply(event);
          if (other != null) {
            mutated.add(other);
          }
        }
        rejected += isTrace(mutated) ? 0 : 1;
      }
    }
    assertTrue(rejected >= ENOUGH, rejected + " were rejected");
  }

  private boolean isTrace(List<String> events) {
    try {
      events(events);
      return true;
    } catch (NotAllowedException _) {
      return false;
    }
  }

  private static Map<Slice, List<MeshStep>> record(long seed) {
    var simulation = new MeshSimulation(seed, 1, some(seed));
    simulation.mostUnderWay = UNDER_WAY;
    simulation.run(REQUESTS);
    var slices = new LinkedHashMap<Slice, List<MeshStep>>();
    for (MeshLaws.Taken taken : simulation.laws.steps) {
      slices.computeIfAbsent(taken.slice(), _ -> new ArrayList<>()).add(taken.step());
    }
    return slices;
  }

  private static Set<Fault> some(long seed) {
    var random = new SplittableRandom(seed);
    var some = EnumSet.noneOf(Fault.class);
    for (Fault fault : Fault.values()) {
      if (random.nextInt(3) == 0) {
        some.add(fault);
      }
    }
    if (some.contains(Fault.SUPERVISOR_DEATH)) {
      some.removeAll(Set.of(Fault.STALL, Fault.SILENCE)); // as in MeshSimulationTest
    }
    return some;
  }

  private void replay(long seed, List<String> named) {
    try {
      events(named);
    } catch (NotAllowedException notAllowed) {
      throw new AssertionError(
          "seed "
              + seed
              + ": event "
              + notAllowed.index()
              + ", "
              + notAllowed.event()
              + ", is not allowed; allowed: "
              + notAllowed.allowed()
              + "; before: "
              + notAllowed.before(),
          notAllowed);
    }
  }

  private static void events(List<String> named) {
    MODEL.replay(named);
  }
}
