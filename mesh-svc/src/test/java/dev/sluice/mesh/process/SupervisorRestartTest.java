package dev.sluice.mesh.process;

import static dev.sluice.mesh.process.SupervisorScript.GROUP;
import static dev.sluice.mesh.process.SupervisorScript.HEARTBEAT;
import static dev.sluice.mesh.process.SupervisorScript.OPS;
import static dev.sluice.mesh.process.SupervisorScript.TICK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder.Route;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerOrder.Own;
import dev.sluice.mesh.model.WorkerOrder.Release;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.model.WorkerState;
import dev.sluice.mesh.process.SupervisorScript.Process;
import dev.sluice.mesh.process.SupervisorScript.Router;
import dev.sluice.mesh.process.SupervisorScript.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A supervisor that starts while members are there that another one led. */
class SupervisorRestartTest {
  private static final Duration GATHERING = HEARTBEAT.multipliedBy(2);

  /** Above all that an earlier supervisor can have given. */
  private static final long FLOOR = VirtualClock.EPOCH.toEpochMilli();

  private final VirtualClock clock = new VirtualClock();
  private final SupervisorScript mesh =
      new SupervisorScript(clock, SupervisorScript.settings(2, 1, true));

  private Worker survivor(String name, long launch, long incarnation, Map<Integer, Long> holds) {
    Worker worker = mesh.worker(name, GROUP, OPS, launch, incarnation, holds, launch);
    worker.turnAndHear();
    return worker;
  }

  private Router router(long launch, Map<Slice, Long> epochs, boolean hasHistory) {
    var address = new RouterAddress("router-0", "router-0:1");
    return mesh.new Router(new RouterJoin(address, launch, epochs, hasHistory, null), 1_000);
  }

  private static Slice slice(int shard) {
    return new Slice(GROUP, shard);
  }

  private ShardState lost() {
    return ShardState.lost(clock.instant());
  }

  @Test
  void goesOnWithThoseThatAreThereAndGivesTheRestAboveAllThatIsKnown() {
    Router router = router(3, Map.of(slice(0), 5L, slice(1), FLOOR + 8, slice(2), 2L), true);
    Worker zero = survivor("worker-0", 1, 40, Map.of(0, 5L));
    Worker one = survivor("worker-1", 2, 41, Map.of());
    assertEquals(new WorkerId("worker-0", 40), zero.id());
    assertTrue(zero.isAcknowledged(), "its lease goes on at once");
    assertEquals(List.of(new Route(slice(0), zero.id(), 5)), router.changes());
    assertTrue(mesh.view().isGathering());

    mesh.pass(GATHERING.minus(TICK), zero, one);
    assertEquals(List.of(), zero.orders());
    assertEquals(List.of(), one.orders());
    mesh.pass(TICK, zero, one);
    assertFalse(mesh.view().isGathering());
    assertEquals(List.of(new Own(2, FLOOR + 1, lost())), zero.orders());
    assertEquals(List.of(new Own(1, FLOOR + 9, lost())), one.orders());
    assertEquals(List.of(), mesh.processes, "all that it would launch are there");
    assertTrue(mesh.steps.stream().noneMatch(step -> step.slice().equals(slice(0))));
  }

  @Test
  void launchesOnlyWhatIsMissing() {
    survivor("worker-1", 2, 41, Map.of());
    router(3, Map.of(), false);
    mesh.pass(GATHERING);
    assertEquals(List.of("worker-0"), mesh.processes.stream().map(each -> each.name).toList());
    assertTrue(mesh.processes.getFirst().launch > 3);
  }

  @Test
  void aSurvivorThatFailsIsReplacedByOneThatItLaunches() {
    Worker one = survivor("worker-1", 2, 41, Map.of());
    router(3, Map.of(), false);
    mesh.pass(GATHERING);
    assertEquals(WorkerState.RESTARTING, mesh.worker("worker-1").state());
    mesh.pass(SupervisorScript.BACKOFF);
    Process next = mesh.lastProcess("worker-1");
    Worker late = survivor("worker-1", 2, 41, Map.of());
    assertInstanceOf(WorkerOrder.Fenced.class, late.orders().getFirst());
    assertTrue(mesh.joins(next).id().incarnation() > one.id().incarnation());
  }

  @Test
  void survivorsAreTakenOverWhereTheLauncherCan() {
    mesh.isAdopting = true;
    Worker zero = survivor("worker-0", 1, 40, Map.of(0, 5L));
    Worker one = survivor("worker-1", 2, 41, Map.of(1, 5L));
    var address = new RouterAddress("router-0", "router-0:1");
    mesh.new Router(new RouterJoin(address, 3, Map.of(), true, 3L), 1_000);
    mesh.pass(GATHERING, zero, one);
    assertEquals(3, mesh.processes.size());
    mesh.lastProcess("worker-0").ends("killed");
    assertEquals("killed", mesh.fences().getFirst().reason());
    assertTrue(
        one.orders().stream().anyMatch(order -> order instanceof Own own && own.shard() == 0));

    mesh.supervisor.close();
    mesh.turn();
    assertEquals(List.of("stop"), mesh.lastProcess("router-0").done);
    mesh.lastProcess("router-0").ends("drained");
    assertEquals(List.of("stop"), mesh.lastProcess("worker-1").done);
  }

  @Test
  void ofTwoThatHoldAShardTheLatestKeepsItAndNeitherIsServedMeanwhile() {
    Worker former = survivor("worker-0", 1, 40, Map.of(0, 5L, 1, 5L));
    former.isAcknowledged();
    Worker latest = survivor("worker-1", 2, 41, Map.of(0, 7L));
    assertEquals(List.of(new Release(0, 5)), former.orders());
    assertFalse(former.isAcknowledged());
    assertFalse(latest.isAcknowledged(), "the former's lease is not over");
    mesh.pass(GATHERING.minus(TICK), former, latest);
    assertFalse(latest.isAcknowledged());
    former.say(new WorkerReport.Released(0, 5, SupervisorTest.KNOWN));
    assertTrue(former.isAcknowledged());
    mesh.pass(TICK, former, latest);
    assertTrue(latest.isAcknowledged());
    assertEquals("worker-1 7", mesh.shards().getFirst());
    assertEquals("worker-0 5", mesh.shards().get(1));
  }

  @Test
  void aFormerHolderThatComesLaterIsToldToLetGo() {
    Worker latest = survivor("worker-1", 2, 41, Map.of(0, 7L));
    assertTrue(latest.isAcknowledged());
    Worker former = survivor("worker-0", 1, 40, Map.of(0, 5L));
    assertEquals(List.of(new Release(0, 5)), former.orders());
    assertFalse(former.isAcknowledged());
    assertTrue(latest.isAcknowledged());
    mesh.pass(GATHERING, former, latest);
    assertEquals("does not let go of a shard", mesh.fences().getFirst().reason());
  }

  @Test
  void whatRoutersKnowALaterOwnerOfIsNotAdopted() {
    router(3, Map.of(slice(0), FLOOR + 9), true);
    Worker zero = survivor("worker-0", 1, 40, Map.of(0, 5L));
    assertEquals(List.of(new Release(0, 5)), zero.orders());
    zero.say(new WorkerReport.Released(0, 5, SupervisorTest.KNOWN));
    mesh.pass(GATHERING.multipliedBy(2), zero);
    assertTrue(
        zero.orders().stream()
            .anyMatch(order -> order instanceof Own own && own.epoch() == FLOOR + 10));
  }

  @Test
  void oneThatComesAfterTheGatheringKeepsWhatNobodyElseWasGiven() {
    router(3, Map.of(), true);
    mesh.pass(GATHERING);
    Worker own = mesh.worker("own", "python", OPS, 0, 40, Map.of(1, 4L), null);
    own.turnAndHear();
    assertEquals("own 4", mesh.shards("python").get(1));
  }

  @Test
  void aMeshWithoutAPastStartsEmpty() {
    mesh.pass(GATHERING);
    assertEquals(3, mesh.processes.size());
    Worker zero = mesh.joins(mesh.lastProcess("worker-0"));
    Worker one = mesh.joins(mesh.lastProcess("worker-1"));
    zero.beat();
    one.beat();
    router(mesh.lastProcess("router-0").launch, Map.of(), false);
    assertTrue(zero.orders().contains(new Own(0, FLOOR + 1, ShardState.EMPTY)));
    assertTrue(one.orders().contains(new Own(1, FLOOR + 1, ShardState.EMPTY)));
  }

  @Test
  void aMeshOfWhichARouterHasALogHasLostItsStates() {
    mesh.pass(GATHERING);
    Worker zero = mesh.joins(mesh.lastProcess("worker-0"));
    Worker one = mesh.joins(mesh.lastProcess("worker-1"));
    zero.beat();
    one.beat();
    router(mesh.lastProcess("router-0").launch, Map.of(), true);
    assertTrue(zero.orders().contains(new Own(0, FLOOR + 1, lost())));
  }

  @Test
  void membersGoOnFromOneSupervisorToTheNext() {
    var first = new SupervisorScript(clock, SupervisorScript.settings(0, 0, false));
    first.router("router-a");
    Worker worker = first.joins("own", GROUP, OPS.toArray(String[]::new));
    worker.beat();
    worker.acceptAll();
    long given = worker.id().incarnation();

    clock.advance(Duration.ofSeconds(1));
    var second = new SupervisorScript(clock, SupervisorScript.settings(0, 0, true));
    Worker again = second.worker("own", GROUP, OPS, 0, given, Map.of(0, 1L, 1, 1L, 2, 1L), null);
    again.turnAndHear();
    assertEquals(worker.id(), again.id());
    second.pass(GATHERING, again);
    assertEquals(List.of("own 1", "own 1", "own 1"), second.shards());
    assertTrue(second.joins("next", GROUP, OPS.toArray(String[]::new)).id().incarnation() > given);
  }
}
