package dev.sluice.mesh.process;

import static dev.sluice.mesh.process.SupervisorScript.GROUP;
import static dev.sluice.mesh.process.SupervisorScript.HEARTBEAT;
import static dev.sluice.mesh.process.SupervisorScript.OPS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.SupervisorScript.Router;
import dev.sluice.mesh.process.SupervisorScript.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stated bound, in virtual time: a stall is detected within 2.5 heartbeats, and its shards are
 * served, by owners that all routers know, within one more. Members beat once a heartbeat each at
 * its own phase, and answer orders after some time; the supervisor runs when it has said that it
 * must, or when something comes, or up to half a heartbeat later.
 */
class SupervisorBoundTest {
  private static final long BEAT = HEARTBEAT.toNanos();

  private final VirtualClock clock = new VirtualClock();
  private final SupervisorScript mesh =
      new SupervisorScript(clock, SupervisorScript.settings(0, 0, false));
  private final List<Router> routers = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();

  /** A worker that beats by itself until it stalls. */
  private static final class Member {
    final Worker worker;
    long nextBeat;
    boolean isStalled;

    Member(Worker worker, long nextBeat) {
      this.worker = worker;
      this.nextBeat = nextBeat;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void holdsAtEveryInstantOfAStall(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    routers.add(mesh.router("router-a"));
    routers.add(mesh.router("router-b"));
    for (int i = 0; i < 4; i++) {
      begin("worker-" + i, random);
    }
    run(10 * BEAT, random);
    for (int round = 0; round < 100; round++) {
      run(random.nextLong(3 * BEAT), random);
      Member victim = members.get(random.nextInt(members.size()));
      checkHeals(victim, random);
      members.remove(victim);
      begin("worker-" + (4 + round), random);
      run(3 * BEAT, random);
    }
    assertEquals(100, mesh.fences().size(), "no other was fenced");
  }

  private void begin(String name, RandomGenerator random) {
    Worker worker = mesh.joins(name, GROUP, OPS.toArray(String[]::new));
    members.add(new Member(worker, clock.nanos() + random.nextLong(BEAT)));
  }

  private void checkHeals(Member victim, RandomGenerator random) {
    routers.forEach(Router::orders);
    int fences = mesh.fences().size();
    long held =
        mesh.view().shards().stream()
            .filter(shard -> victim.worker.join.name().equals(shard.owner()))
            .count();
    victim.isStalled = true;
    long stalledAt = clock.nanos();
    while (mesh.fences().size() == fences) {
      step(random);
      assertTrue(clock.nanos() - stalledAt <= 5 * BEAT / 2, "not detected in time");
    }
    long detectedAt = clock.nanos();
    for (Router router : routers) {
      long routes = routes(router);
      while (routes < held) {
        step(random);
        routes += routes(router);
        assertTrue(clock.nanos() - detectedAt <= BEAT, "not served in time");
      }
    }
  }

  private static long routes(Router router) {
    return router.orders().stream().filter(order -> order instanceof RouterOrder.Route).count();
  }

  private void run(long time, RandomGenerator random) {
    long end = clock.nanos() + time;
    while (clock.nanos() - end < 0) {
      step(random);
    }
  }

  /** Some time passes, in which those beat that have to, and answer what they were told. */
  private void step(RandomGenerator random) {
    clock.advance(Duration.ofNanos(random.nextLong(BEAT / 8)));
    for (Member member : members) {
      if (!member.isStalled) {
        if (clock.nanos() - member.nextBeat >= 0) {
          member.worker.beats();
          member.worker.acknowledged();
          member.nextBeat += BEAT;
        }
        member.worker.orders().forEach(order -> answer(member.worker, order));
      }
    }
    mesh.turn();
  }

  private static void answer(Worker worker, WorkerOrder order) {
    switch (order) {
      case WorkerOrder.Own(int shard, long epoch, var _) ->
          worker.say(new WorkerReport.Owned(shard, epoch));
      case WorkerOrder.Release(int shard, long epoch) ->
          worker.say(new WorkerReport.Released(shard, epoch, SupervisorTest.KNOWN));
      default -> throw new AssertionError("a healthy worker was told " + order);
    }
  }
}
