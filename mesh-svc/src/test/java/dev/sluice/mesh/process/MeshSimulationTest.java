package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.mesh.process.MeshSimulation.Fault;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many runs of a whole mesh in virtual time, each with other faults; a failure names its seed. */
class MeshSimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 40);
  private static final int REQUESTS = 60;

  @Test
  void answersAllWhenNothingGoesWrong() {
    for (long seed = 0; seed < 20; seed++) {
      var simulation = new MeshSimulation(seed, 1 + (int) seed % 2, Set.of());
      simulation.run(REQUESTS);
      assertEquals(REQUESTS, simulation.sent.size());
      assertTrue(simulation.laws.steps.size() > 4 * REQUESTS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void healsOf(Fault fault) {
    int injected = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      var simulation = new MeshSimulation(seed, 1, Set.of(fault));
      simulation.run(REQUESTS);
      injected += simulation.injected;
    }
    assertTrue(injected > SEEDS / 2, "faults: " + injected);
  }

  @Test
  void healsOfAllAtOnce() {
    for (long seed = 0; seed < 5 * SEEDS; seed++) {
      new MeshSimulation(seed, 1 + (int) seed % 2, some(seed)).run(REQUESTS);
    }
  }

  @Test
  void aRunIsRepeatedByItsSeed() {
    for (long seed = 0; seed < 10; seed++) {
      var first = new MeshSimulation(seed, 2, some(seed));
      var second = new MeshSimulation(seed, 2, some(seed));
      first.run(REQUESTS);
      second.run(REQUESTS);
      assertEquals(first.timeline, second.timeline);
    }
  }

  private static Set<Fault> some(long seed) {
    var random = new SplittableRandom(seed);
    var some = EnumSet.noneOf(Fault.class);
    for (Fault fault : Fault.values()) {
      if (random.nextBoolean()) {
        some.add(fault);
      }
    }
    if (some.contains(Fault.SUPERVISOR_DEATH)) {
      // Known: a supervisor that has just fenced a worker and dies is not there to say so, and the
      // next believes that worker, if nobody tells of a later epoch.
      some.removeAll(Set.of(Fault.STALL, Fault.SILENCE));
    }
    return some;
  }
}
