package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.mesh.process.MeshSimulation.Faults;
import dev.sluice.mesh.process.MeshSimulation.Sent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many runs of a whole mesh, each from its seed. What each checks stands in the simulation. */
class MeshSimulationTest {
  private static final int SEEDS = 200;
  private static final int REQUESTS = 120;
  private static final int UNLIMITED = Integer.MAX_VALUE - 1;

  /** A test of one seed; the failing seed is named. */
  private interface Run {
    void of(long seed) throws InterruptedException;
  }

  private static void forEachSeed(Run run) throws InterruptedException {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        run.of(seed);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }

  @Test
  void withoutFaultsEveryKeyIsServedInOrderAndNobodyIsFenced() throws InterruptedException {
    forEachSeed(seed -> {
      var mesh = new MeshSimulation(seed, UNLIMITED);
      mesh.run(REQUESTS, Faults.NONE);
      mesh.settle();
      assertEquals(0, mesh.fenced());
      assertEachReplyListsAllBeforeIt(mesh);
    });
  }

  @Test
  void nothingIsLostWhenWorkersStallAndGoOnAndDie() throws InterruptedException {
    int[] fenced = {0};
    forEachSeed(seed -> {
      var mesh = new MeshSimulation(seed, UNLIMITED);
      mesh.run(REQUESTS, new Faults(true, true, false, false));
      mesh.settle();
      mesh.checkAllAnswered();
      fenced[0] += mesh.fenced();
    });
    assertTrue(fenced[0] > 2 * SEEDS, "only " + fenced[0] + " workers were fenced in all runs");
  }

  @Test
  void whoDidNotWaitLongEnoughGetsTheReplyByAskingAgain() throws InterruptedException {
    int[] late = {0};
    forEachSeed(seed -> {
      var mesh = new MeshSimulation(seed, UNLIMITED);
      mesh.run(REQUESTS, new Faults(true, true, false, true));
      mesh.settle();
      mesh.checkAllAnswered();
      late[0] +=
          (int)
              mesh.sent.stream()
                  .filter(each -> each.outcome() instanceof Outcome.NotInTime)
                  .count();
    });
    assertTrue(late[0] > SEEDS, "only " + late[0] + " callers were late in all runs");
  }

  @Test
  void poisonIsGivenUpAndNothingElseIs() throws InterruptedException {
    int[] givenUp = {0};
    forEachSeed(seed -> {
      var mesh = new MeshSimulation(seed, MeshSimulation.REDELIVERIES);
      mesh.run(REQUESTS, new Faults(false, false, true, false));
      mesh.settle();
      mesh.checkAllAnswered();
      givenUp[0] += mesh.victims.size();
    });
    assertTrue(givenUp[0] > SEEDS, "only " + givenUp[0] + " requests were poison in all runs");
  }

  @Test
  @DisplayName(
      "a worker that comes back takes its shards over with their state, in order, nothing run twice")
  void handsShardsOverInGoodOrder() throws InterruptedException {
    forEachSeed(seed -> {
      var mesh = new MeshSimulation(seed, UNLIMITED);
      mesh.everybodyOnce();
      mesh.stop("worker-0");
      mesh.stop("worker-1");
      while (mesh.fenced() < 2) {
        mesh.everybodyOnce();
      }
      long before = mesh.view().reassignments();
      mesh.run(REQUESTS, Faults.NONE);
      mesh.settle();
      assertTrue(mesh.view().reassignments() > before, "no shard has come back");
      assertEachReplyListsAllBeforeIt(mesh);
      var once = List.copyOf(mesh.sent);
      var again = once.stream().map(mesh::repeat).toList();
      mesh.settle();
      for (int i = 0; i < once.size(); i++) {
        assertEquals(reply(once.get(i)), reply(again.get(i)), "the same id, the same answer");
      }
    });
  }

  private static void assertEachReplyListsAllBeforeIt(MeshSimulation mesh) {
    Map<String, String> lists = new HashMap<>();
    for (Sent each : mesh.sent) {
      String list =
          lists.merge(each.request.key(), each.request.payload(), (all, next) -> all + "," + next);
      assertEquals("[" + list + "]", reply(each), each.request.id());
    }
  }

  private static String reply(Sent request) {
    return assertInstanceOf(Outcome.Replied.class, request.outcome()).reply();
  }
}
