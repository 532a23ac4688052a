package dev.sluice.mesh.process;

import static dev.sluice.mesh.process.SupervisorScript.BACKOFF;
import static dev.sluice.mesh.process.SupervisorScript.GROUP;
import static dev.sluice.mesh.process.SupervisorScript.HEARTBEAT;
import static dev.sluice.mesh.process.SupervisorScript.MEMBERS;
import static dev.sluice.mesh.process.SupervisorScript.OPS;
import static dev.sluice.mesh.process.SupervisorScript.SHARDS;
import static dev.sluice.mesh.process.SupervisorScript.TICK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.SupervisorScript.Process;
import dev.sluice.mesh.process.SupervisorScript.Router;
import dev.sluice.mesh.process.SupervisorScript.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The supervisor, which launches one router; another joins by itself, and a worker. */
class SupervisorRoutersTest {
  private static final Duration PATIENCE = HEARTBEAT.multipliedBy(RouterWards.PATIENCE);
  private static final RouterAddress LAUNCHED = new RouterAddress("router-0", "router-0:1");
  private static final RouterAddress OTHER = new RouterAddress("router-a", "router-a:1");

  private final SupervisorScript mesh =
      new SupervisorScript(new VirtualClock(), SupervisorScript.settings(0, 1, false));
  private Process process;
  private Router launched;
  private Router other;
  private Worker worker;

  @BeforeEach
  void bothHaveJoined() {
    mesh.turn();
    process = mesh.processes.getFirst();
    launched = joins(process);
    other = mesh.router("router-a");
    worker = mesh.joins("own", GROUP, OPS.toArray(String[]::new));
    worker.beat();
    worker.acceptAll();
    launched.orders();
    other.orders();
  }

  private Router joins(Process its) {
    return mesh
    .new Router(new RouterJoin(LAUNCHED, its.launch, Map.of(), false, its.launch), 1_000);
  }

  @Test
  void whoJoinsIsToldAllThereIs() {
    List<RouterOrder> told = mesh.router("router-b").orders();
    assertEquals(
        List.of(
            new RouterOrder.Welcome(HEARTBEAT, SHARDS),
            new RouterOrder.Groups(List.of(new Group(GROUP, OPS))),
            route(0, 1),
            route(1, 1),
            route(2, 1)),
        told);
  }

  private RouterOrder.Route route(int shard, long epoch) {
    return new RouterOrder.Route(new Slice(GROUP, shard), worker.id(), epoch);
  }

  @Test
  void allRoutersLearnOfANewGroup() {
    worker = mesh.joins("py", "python", "reverse");
    for (Router router : List.of(launched, other)) {
      RouterOrder.Groups groups = (RouterOrder.Groups) router.orders().getFirst();
      assertEquals(List.of(GROUP, "python"), groups.groups().stream().map(Group::name).toList());
    }
  }

  @Test
  void workersLearnWhereTheRoutersAre() {
    worker = worker.again(Map.of(0, 1L, 1, 1L, 2, 1L));
    assertEquals(List.of(List.of(LAUNCHED, OTHER)), worker.routerLists());
    Router third = mesh.router("router-b");
    assertEquals(List.of(List.of(LAUNCHED, OTHER, third.join.address())), worker.routerLists());
    third.say(new RouterReport.Drained());
    third.hangUp();
    assertEquals(List.of(List.of(LAUNCHED, OTHER)), worker.routerLists());
    assertEquals(new MeshEvent.RouterLeft("router-b", "drained"), mesh.events.getLast());
  }

  @Test
  void aRouterWithoutALinkIsDroppedAfterTenHeartbeatsUnlessItIsLaunchedHere() {
    worker.routerLists();
    other.hangUp();
    mesh.pass(PATIENCE.minus(TICK), worker);
    assertEquals(List.of(), worker.routerLists());
    mesh.pass(HEARTBEAT, worker);
    assertEquals(List.of(List.of(LAUNCHED)), worker.routerLists());
  }

  @Test
  void aRouterThatDialsAgainInTimeStays() {
    worker.routerLists();
    other.hangUp();
    mesh.pass(PATIENCE.minus(TICK), worker);
    mesh.router("router-a");
    mesh.pass(PATIENCE, worker);
    assertEquals(List.of(), worker.routerLists());
  }

  @Test
  void aLaunchedRouterThatEndsIsStartedAgainForAsLongAsItTakes() {
    worker.routerLists();
    for (int i = 0; i < 20; i++) {
      mesh.processes.getLast().ends("killed");
      mesh.pass(BACKOFF.multipliedBy(3), worker);
      assertEquals(2 + i, mesh.processes.size());
    }
    String reason = ((MeshEvent.RouterLeft) lastLeft()).reason();
    assertTrue(reason.startsWith("killed; it has failed 4 times in PT1M"), reason);
    assertEquals(20, view("router-0").restarts());
    assertFalse(view("router-0").isLinked());
    assertEquals(List.of(), worker.routerLists(), "it will be where it was");

    joins(mesh.processes.getLast());
    assertTrue(view("router-0").isLinked());
  }

  private MeshEvent lastLeft() {
    return mesh.events.stream()
        .filter(event -> event instanceof MeshEvent.RouterLeft)
        .toList()
        .getLast();
  }

  @Test
  void aLaunchedRouterThatIsSilentForTenHeartbeatsIsEnded() {
    launched.beat();
    mesh.pass(PATIENCE.minus(TICK), worker);
    assertEquals(List.of(), process.done);
    mesh.pass(PATIENCE, worker);
    assertEquals(List.of("kill"), process.done, "once");
    assertEquals(1, mesh.processes.size(), "its ports are free when it has ended");
    process.ends("killed");
    mesh.pass(BACKOFF, worker);
    assertEquals(2, mesh.processes.size());
  }

  @Test
  void aRouterThatOnlyJoinsIsNotEndedForItsSilence() {
    mesh.pass(PATIENCE.multipliedBy(3), worker);
    assertFalse(other.isCutOff());
    assertNull(view("router-a").sinceHeartbeat());
    other.beat();
    assertEquals(Duration.ZERO, view("router-a").sinceHeartbeat());
  }

  @Test
  void showsWhatRoutersTellOfThemselves() {
    var counts = new RouterCounts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, Map.of());
    other.say(new RouterReport.Counts(counts));
    assertEquals(counts, view("router-a").counts());
    assertEquals("router-a:1", view("router-a").target());
  }

  @Test
  void anotherRouterOfTheNameOfALiveOneIsCutOff() {
    other.beat();
    var same = new RouterAddress("router-a", "elsewhere:1");
    Router second = mesh.new Router(new RouterJoin(same, 0, Map.of(), false, 2L), 10);
    assertTrue(second.isCutOff());
    assertFalse(other.isCutOff());
    mesh.pass(HEARTBEAT.multipliedBy(2), worker);
    second = mesh.new Router(new RouterJoin(same, 0, Map.of(), false, 2L), 10);
    assertFalse(second.isCutOff());
    assertEquals("elsewhere:1", view("router-a").target());
  }

  @Test
  void whatCannotBeIsCutOff() {
    var wrong =
        List.of(
            new RouterJoin(new RouterAddress("", "x:1"), 0, Map.of(), false, null),
            new RouterJoin(new RouterAddress("x", ""), 0, Map.of(), false, null),
            new RouterJoin(new RouterAddress("x", "x\n"), 0, Map.of(), false, null),
            new RouterJoin(new RouterAddress("x", "x:1"), -1, Map.of(), false, null),
            new RouterJoin(
                new RouterAddress("x", "x:1"), 0, Map.of(new Slice("g", SHARDS), 1L), true, null),
            new RouterJoin(
                new RouterAddress("x", "x:1"), 0, Map.of(new Slice("g", 0), -1L), true, null),
            new RouterJoin(new RouterAddress("router-0", "x:1"), 7, Map.of(), false, null));
    for (RouterJoin join : wrong) {
      assertTrue(mesh.new Router(join, 10).isCutOff(), join.toString());
    }
    for (int i = 2; i < MEMBERS; i++) {
      assertFalse(mesh.router("more-" + i).isCutOff());
    }
    assertTrue(mesh.router("too-many").isCutOff());
  }

  @Test
  void aLinkWithLittleRoomGetsAllInItsTurnAndOneThatTakesNothingIsCut() {
    var address = new RouterAddress("slow", "slow:1");
    Router slow = mesh.new Router(new RouterJoin(address, 0, Map.of(), false, null), 2);
    assertEquals(2, slow.orders().size());
    mesh.turn();
    assertEquals(2, slow.orders().size());
    mesh.pass(HEARTBEAT, worker);
    assertEquals(List.of(route(2, 1)), slow.orders());

    var stuck = new RouterAddress("stuck", "stuck:1");
    Router never = mesh.new Router(new RouterJoin(stuck, 0, Map.of(), false, null), 2);
    mesh.pass(HEARTBEAT.multipliedBy(2), worker);
    never.orders();
    assertTrue(never.isCutOff());
    assertFalse(slow.isCutOff());
  }

  @Test
  void aSliceOfWhichARouterKnowsALaterEpochIsGivenAgainAboveThat() {
    var address = new RouterAddress("old", "old:1");
    var epochs = Map.of(new Slice(GROUP, 0), 9L, new Slice(GROUP, 1), 1L);
    mesh.new Router(new RouterJoin(address, 0, epochs, true, null), 100);
    assertEquals(List.of(new WorkerOrder.Release(0, 1)), worker.orders());
    worker.say(new WorkerReport.Released(0, 1, SupervisorTest.KNOWN));
    assertEquals(List.of(new WorkerOrder.Own(0, 10, SupervisorTest.KNOWN)), worker.orders());
  }

  @Test
  void endsItsRoutersBeforeItsWorkers() {
    var both = new SupervisorScript(new VirtualClock(), SupervisorScript.settings(1, 1, false));
    both.turn();
    Process router = both.lastProcess("router-0");
    Process its = both.lastProcess("worker-0");
    Worker its0 = both.joins(its);
    its0.beat();
    both.supervisor.close();
    both.pass(HEARTBEAT, its0);
    assertEquals(List.of("stop"), router.done);
    assertEquals(List.of(), its.done);
    router.ends("drained");
    assertEquals(List.of("stop"), its.done);
    its.ends("left");
    assertTrue(both.process.isOver());
    assertEquals(2, both.processes.size());
  }

  private MeshView.Router view(String name) {
    return mesh.view().routers().stream()
        .filter(router -> router.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
