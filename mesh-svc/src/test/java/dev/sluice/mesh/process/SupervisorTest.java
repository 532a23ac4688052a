package dev.sluice.mesh.process;

import static dev.sluice.mesh.process.SupervisorScript.BACKOFF;
import static dev.sluice.mesh.process.SupervisorScript.FAILURES;
import static dev.sluice.mesh.process.SupervisorScript.GROUP;
import static dev.sluice.mesh.process.SupervisorScript.HEARTBEAT;
import static dev.sluice.mesh.process.SupervisorScript.OPS;
import static dev.sluice.mesh.process.SupervisorScript.TICK;
import static dev.sluice.mesh.process.SupervisorScript.WINDOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.Fingerprint;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.Rendezvous;
import dev.sluice.mesh.model.RouterOrder.Fence;
import dev.sluice.mesh.model.RouterOrder.GiveUp;
import dev.sluice.mesh.model.RouterOrder.Route;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.StateKey;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerOrder.Own;
import dev.sluice.mesh.model.WorkerOrder.Release;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.model.WorkerReport.Owned;
import dev.sluice.mesh.model.WorkerReport.Released;
import dev.sluice.mesh.model.WorkerState;
import dev.sluice.mesh.process.SupervisorScript.Process;
import dev.sluice.mesh.process.SupervisorScript.Router;
import dev.sluice.mesh.process.SupervisorScript.Worker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The supervisor alone, which launches two workers; the test plays these and a router. Of three
 * shards worker-0 owns 0 and 2, worker-1 owns 1, as long as both live.
 */
class SupervisorTest {
  static final ShardState KNOWN =
      new ShardState(
          Map.of(new StateKey("count", "a"), new KeyState("7", null)),
          new LinkedHashMap<>(Map.of("r-1", new Answered(new Fingerprint(1, 2), "7"))),
          null);

  private final VirtualClock clock = new VirtualClock();
  private final SupervisorScript mesh =
      new SupervisorScript(clock, SupervisorScript.settings(2, 0, false));
  private Worker zero;
  private Worker one;
  private Router router;

  @BeforeEach
  void bothOwnTheirs() {
    mesh.turn();
    router = mesh.router("router-a");
    zero = mesh.joins(mesh.lastProcess("worker-0"));
    one = mesh.joins(mesh.lastProcess("worker-1"));
    zero.beat();
    assertEquals(List.of(), zero.orders(), "the other is awaited");
    one.beat();
    zero.acceptAll();
    one.acceptAll();
    assertEquals(List.of("worker-0 1", "worker-1 1", "worker-0 1"), mesh.shards());
    router.orders();
    mesh.steps.clear();
  }

  // Who owns what

  @Test
  void theRoutersLearnOfAnOwnerOnlyWhenThatOneKnows() {
    dies(zero);
    assertEquals(List.of(own(0, 2, lost()), own(2, 2, lost())), one.orders());
    assertEquals(List.of(new Fence(zero.id())), router.changes());
    assertEquals(List.of("- 2", "worker-1 1", "- 2"), mesh.shards());

    one.say(new Owned(0, 2));
    assertEquals(List.of(new Route(slice(0), one.id(), 2)), router.changes());
    assertEquals(List.of("worker-1 2", "worker-1 1", "- 2"), mesh.shards());
  }

  @Test
  void aNewMeshStartsWithEmptyShards() {
    var fresh = new SupervisorScript(clock, SupervisorScript.settings(1, 0, false));
    fresh.turn();
    Worker only = fresh.joins(fresh.lastProcess("worker-0"));
    only.beat();
    assertEquals(List.of(), only.orders(), "whether it is new only a router knows");
    fresh.router("router-a");
    assertEquals(
        List.of(
            own(0, 1, ShardState.EMPTY), own(1, 1, ShardState.EMPTY), own(2, 1, ShardState.EMPTY)),
        only.orders());
  }

  @Test
  void doesNotWaitForeverForThoseThatAreSlowToStart() {
    var fresh = new SupervisorScript(clock, SupervisorScript.settings(2, 0, false));
    fresh.turn();
    fresh.router("router-a");
    Worker early = fresh.joins(fresh.lastProcess("worker-0"));
    early.beat();
    fresh.pass(HEARTBEAT.multipliedBy(2).minus(TICK), early);
    assertEquals(List.of(), early.orders());
    fresh.pass(TICK, early);
    assertEquals(3, early.orders().size());
  }

  @Test
  void recordsWhatItDecides() {
    one.say(new WorkerReport.Leaving());
    one.say(new Released(1, 1, KNOWN));
    dies(zero);
    assertEquals(
        List.of(
            new SupervisorScript.Step(slice(1), new MeshStep.Release(one.id(), 1)),
            new SupervisorScript.Step(slice(1), new MeshStep.Own(zero.id(), 2)),
            new SupervisorScript.Step(slice(0), new MeshStep.Fence(zero.id(), 1)),
            new SupervisorScript.Step(slice(1), new MeshStep.Fence(zero.id(), 2)),
            new SupervisorScript.Step(slice(2), new MeshStep.Fence(zero.id(), 1))),
        mesh.steps);
  }

  // Stuck and dead workers

  @Test
  void noFalseAlarmOverTenThousandBeats() {
    for (int i = 0; i < 10_000; i++) {
      clock.advance(HEARTBEAT);
      assertTrue(zero.isAcknowledged());
      assertTrue(one.isAcknowledged());
    }
    assertEquals(2, mesh.processes.size());
    assertEquals(List.of(), router.changes());
  }

  @Test
  void oneMissedBeatIsForgivenTwoAreNot() {
    mesh.pass(HEARTBEAT.multipliedBy(2).minus(TICK), one);
    assertEquals(List.of(), mesh.fences());

    clock.advance(TICK);
    mesh.turn();
    assertEquals(List.of("kill"), mesh.processes.getFirst().done);
    assertEquals(
        List.of(
            new MeshEvent.WorkerFenced(
                zero.id(),
                "missed 2 heartbeats",
                HEARTBEAT.multipliedBy(2),
                WorkerState.RESTARTING)),
        mesh.fences());
    assertEquals(List.of(own(0, 2, lost()), own(2, 2, lost())), one.orders(), "in the same round");
    assertEquals(List.of(new WorkerOrder.Fenced("missed 2 heartbeats")), zero.orders());
    assertTrue(zero.isCutOff());
  }

  @Test
  void saysWhenItMustBeWokenToNoticeAStall() {
    clock.advance(HEARTBEAT);
    one.beats();
    assertEquals(HEARTBEAT, mesh.turn(), "two intervals after the last beat of worker-0");
  }

  @Test
  void whenItWasHeldUpItselfItWaitsForOneMoreBeatBeforeItJudges() {
    mesh.turn();
    clock.advance(Duration.ofSeconds(30));
    mesh.turn();
    assertEquals(List.of(), mesh.fences());

    one.beat();
    mesh.pass(HEARTBEAT.minus(TICK), one);
    assertEquals(List.of(), mesh.fences());
    mesh.pass(TICK, one);
    assertEquals(1, mesh.fences().size(), "worker-0 is really stuck");
  }

  @Test
  void beatsAndReportsOfAFencedProcessDoNotCount() {
    Process process = mesh.processes.getFirst();
    mesh.pass(HEARTBEAT.multipliedBy(2), one);
    Own given = (Own) one.orders().getFirst();
    zero.say(new Owned(0, 1));
    zero.say(new Released(0, 1, KNOWN));
    process.ends("killed");

    assertFalse(zero.isAcknowledged());
    assertEquals(1, mesh.fences().size());
    one.say(new Owned(given.shard(), given.epoch()));
    assertEquals(List.of(new Fence(zero.id()), new Route(slice(0), one.id(), 2)), router.changes());
  }

  @Test
  void aFencedProcessThatDialsAgainIsTold() {
    mesh.pass(HEARTBEAT.multipliedBy(2), one);
    Worker zombie =
        mesh.worker(
            "worker-0", GROUP, OPS, zero.join.launch(), zero.id().incarnation(), Map.of(0, 1L), 1L);
    mesh.turn();
    assertEquals(List.of(new WorkerOrder.Fenced("missed 2 heartbeats")), zombie.orders());
    assertTrue(zombie.isCutOff());
  }

  @Test
  void aRestartedWorkerGetsItsShardsBackWithTheirStateOnceItBeats() {
    dies(zero);
    one.acceptAll();
    router.orders();
    Worker back = restarted();
    assertEquals(List.of(), one.orders(), "it has not shown yet that it lives");

    back.beat();
    assertEquals(List.of(new Release(0, 2), new Release(2, 2)), one.orders());
    assertEquals(List.of(), router.changes(), "the owner before serves until it has let go");

    one.say(new Released(0, 2, KNOWN));
    assertEquals(List.of(own(0, 3, KNOWN)), back.orders());
    back.say(new Owned(0, 3));
    assertEquals(List.of(new Route(slice(0), back.id(), 3)), router.changes());
    assertEquals(3, mesh.view().reassignments());
  }

  @Test
  void stateThatNobodyHasTakenOverYetIsNotLost() {
    dies(zero);
    one.acceptAll();
    Worker back = restarted();
    back.beat();
    one.say(new Released(0, 2, KNOWN));
    one.orders();
    dies(back); // before it has said that it owns shard 0
    assertEquals(List.of(own(0, 4, KNOWN)), one.orders());
  }

  @Test
  void aShardThatIsAskedBackFromAWorkerThatDiesStartsAnew() {
    dies(zero);
    one.acceptAll();
    Worker back = restarted();
    back.beat();
    dies(one); // it has not let go
    assertEquals(List.of(own(0, 3, lost()), own(1, 2, lost()), own(2, 3, lost())), back.orders());
  }

  @Test
  void aShardIsReleasedForAWorkerThatIsGoneByThenAndGoesBack() {
    dies(zero);
    one.acceptAll();
    Worker back = restarted();
    back.beat();
    one.orders();
    dies(back);
    one.say(new Released(0, 2, KNOWN));
    assertEquals(List.of(own(0, 3, KNOWN)), one.orders());
  }

  // Starting again

  @Test
  void restartsAfterAPauseThatDoublesUpToAMost() {
    dies(zero);
    for (Duration pause : List.of(BACKOFF, BACKOFF.multipliedBy(2), BACKOFF.multipliedBy(3))) {
      int before = mesh.processes.size();
      mesh.pass(pause.minus(TICK), one);
      assertEquals(before, mesh.processes.size(), "too early");
      mesh.pass(TICK, one);
      assertEquals(before + 1, mesh.processes.size());
      mesh.lastProcess("worker-0").ends("broken");
    }
    assertEquals(3, mesh.worker("worker-0").restarts());
    assertEquals("broken, before it had joined", mesh.worker("worker-0").reason());
    assertEquals(WorkerState.OUT_OF_SERVICE, mesh.worker("worker-0").state());
  }

  @Test
  void aWorkerThatFailsTooOftenWithinTheWindowIsOutOfService() {
    dies(zero);
    for (int i = 1; i < FAILURES; i++) {
      dies(restarted());
    }
    assertEquals(WorkerState.OUT_OF_SERVICE, mesh.worker("worker-0").state());
    assertEquals(new MeshEvent.WorkerOutOfService("worker-0", "broken"), mesh.events.getLast());
    one.acceptAll();
    int started = mesh.processes.size();
    mesh.pass(WINDOW, one);
    assertEquals(started, mesh.processes.size());
    assertTrue(mesh.shards().stream().noneMatch(shard -> shard.startsWith("worker-0")));
  }

  @Test
  void oldFailuresAreForgotten() {
    for (int i = 0; i < 3 * FAILURES; i++) {
      mesh.lastProcess("worker-0").ends("broken");
      assertEquals(WorkerState.RESTARTING, mesh.worker("worker-0").state());
      mesh.pass(WINDOW.dividedBy(FAILURES - 2), one);
      mesh.lastProcess("worker-0").ends("broken");
      clock.advance(WINDOW.dividedBy(FAILURES - 2));
      one.beat();
      mesh.turn();
    }
  }

  @Test
  void aLaunchedProcessThatNeverJoinsIsEndedAndStartedAgain() {
    dies(zero);
    mesh.pass(BACKOFF, one);
    Process silent = mesh.lastProcess("worker-0");
    mesh.pass(Launching.JOINS_WITHIN, one);
    assertEquals(List.of("kill"), silent.done);
    assertEquals("has not joined", mesh.worker("worker-0").reason());
    Worker late = mesh.worker("worker-0", GROUP, OPS, silent.launch, 0, Map.of(), silent.launch);
    mesh.turn();
    assertInstanceOf(WorkerOrder.Refused.class, late.orders().getFirst());
  }

  @Test
  void aProcessThatCannotBeStartedHasFailed() {
    mesh.cannotLaunch = true;
    dies(zero);
    one.acceptAll();
    mesh.pass(BACKOFF.multipliedBy(10), one);
    assertEquals(WorkerState.OUT_OF_SERVICE, mesh.worker("worker-0").state());
    assertEquals(
        "could not be started: no room for a process, before it had joined",
        mesh.worker("worker-0").reason());
  }

  @Test
  void theRoutersLearnWhenNobodyIsLeftAndWhenSomebodyCame() {
    for (int i = 0; i < FAILURES; i++) {
      mesh.lastProcess("worker-0").ends("broken");
      mesh.lastProcess("worker-1").ends("broken");
      mesh.pass(BACKOFF.multipliedBy(3));
    }
    assertEquals(1, router.orders().stream().filter(new GiveUp(GROUP)::equals).count());
    assertTrue(mesh.router("router-b").orders().contains(new GiveUp(GROUP)));

    Worker other = mesh.joins("other", GROUP, "count", "echo");
    other.beat();
    other.acceptAll();
    assertTrue(mesh.shards().stream().allMatch(shard -> shard.startsWith("other ")));
    assertFalse(mesh.router("router-c").orders().contains(new GiveUp(GROUP)));
  }

  // Links

  @Test
  void aProcessThatDialsAgainGoesOn() {
    Worker again = zero.again(Map.of(0, 1L, 2, 1L));
    assertEquals(zero.id(), again.id());
    assertTrue(zero.isCutOff());
    assertEquals(List.of(), again.orders());
    assertEquals(List.of("worker-0 1", "worker-1 1", "worker-0 1"), mesh.shards());
    assertTrue(again.isAcknowledged());
  }

  @Test
  void whatItDoesNotHoldAnyMoreIsLost() {
    Worker again = zero.again(Map.of(2, 1L));
    assertEquals(List.of(own(0, 2, lost())), again.orders());
    assertEquals(
        List.of(new SupervisorScript.Step(slice(0), new MeshStep.Fence(zero.id(), 1))),
        mesh.steps.subList(0, 1));
  }

  @Test
  void anOrderThatWasLostWithTheLinkIsGivenAgain() {
    dies(zero); // worker-1 has not taken 0 and 2 yet
    Worker again = one.again(Map.of(1, 1L, 2, 2L));
    assertEquals(List.of("- 3", "worker-1 1", "worker-1 2"), mesh.shards());
    assertEquals(List.of(own(0, 3, lost())), again.orders());

    Worker back = restarted();
    back.beat();
    again.orders();
    again = again.again(Map.of(0, 3L, 1, 1L, 2, 2L));
    assertTrue(again.orders().contains(new Release(2, 2)), "asked back again");
  }

  @Test
  void aWorkerThatBeatsButCannotBeToldAnythingIsFencedAndItsLeaseHonoured() {
    zero.cutControl();
    mesh.pass(HEARTBEAT.multipliedBy(2).minus(TICK), zero, one);
    assertEquals(List.of(), mesh.fences());
    zero.beat();
    mesh.pass(TICK, one);
    assertEquals("has no control link", mesh.fences().getFirst().reason());
    assertEquals(List.of(), one.orders(), "its lease may run for two heartbeats more");
    mesh.pass(HEARTBEAT.multipliedBy(2), one);
    assertEquals(List.of(own(0, 2, lost()), own(2, 2, lost())), one.orders());
  }

  @Test
  void aFencedProcessThatIsKnownToHaveEndedHasNoLease() {
    Process process = mesh.processes.getFirst();
    zero.cutControl();
    mesh.pass(HEARTBEAT.multipliedBy(2).minus(TICK), zero, one);
    zero.beat();
    mesh.pass(TICK, one);
    process.ends("killed");
    assertEquals(List.of(own(0, 2, lost()), own(2, 2, lost())), one.orders());
  }

  @Test
  void aLinkThatTakesNothingIsCut() {
    var join =
        new WorkerJoin(
            "worker-0",
            GROUP,
            OPS,
            zero.join.launch(),
            zero.id().incarnation(),
            Map.of(0, 1L, 2, 1L),
            zero.join.pid());
    Worker stuffed = mesh.new Worker(join, 2); // has room for what it is told first
    stuffed.id = zero.id();
    mesh.turn();
    mesh.router("router-b");
    mesh.pass(HEARTBEAT.multipliedBy(2).minus(TICK), stuffed, one);
    stuffed.acknowledged();
    assertEquals(List.of(), mesh.fences());
    mesh.pass(TICK, stuffed, one);
    assertEquals(2, stuffed.routerLists().size() + 1);
    assertTrue(stuffed.isCutOff());
    assertTrue(zero.again(Map.of(0, 1L, 2, 1L)).isAcknowledged());
    assertEquals(List.of(), mesh.fences());
  }

  @Test
  void aStuckHandOverEndsInAFence() {
    zero.say(new WorkerReport.Leaving());
    assertEquals(List.of(new Release(0, 1), new Release(2, 1)), zero.orders());
    mesh.pass(HEARTBEAT, zero, one);
    zero.say(new Released(0, 1, KNOWN));
    mesh.pass(HEARTBEAT.multipliedBy(2).minus(TICK), zero, one);
    assertEquals(List.of(), mesh.fences(), "it goes on handing over");
    mesh.pass(TICK, zero, one);
    assertEquals("does not let go of a shard", mesh.fences().getFirst().reason());
  }

  @Test
  void aShardThatIsLetGoUnaskedEndsInAFence() {
    zero.say(new Released(0, 1, KNOWN));
    assertEquals(
        "let go of shard 0, which nobody had asked back", mesh.fences().getFirst().reason());
    zero.say(new Released(77, 1, KNOWN));
    zero.say(new Owned(-1, 1));
    assertEquals(1, mesh.fences().size());
  }

  // Joining

  @Test
  void refusesWhatContradicts() {
    assertRefused("op echo is served by group built-in", "a", "other", List.of("echo", "x"));
    assertRefused(
        "the workers of group built-in serve count, echo, not echo", "a", GROUP, List.of("echo"));
    assertRefused("name must have 1 to 256 bytes", "", GROUP, List.of("echo"));
    assertRefused("name must have 1 to 256 bytes", "ä".repeat(129), GROUP, List.of("echo"));
    assertRefused("name must not have control characters", "a\nb", GROUP, List.of("echo"));
    assertRefused("ops has 0 names, must have 1 to 256", "a", "g", List.of());
    assertRefused(
        "worker worker-0 is there already, as incarnation " + zero.id().incarnation(),
        "worker-0",
        GROUP,
        List.copyOf(OPS));
    assertEquals(List.of("worker-0 1", "worker-1 1", "worker-0 1"), mesh.shards());
  }

  private void assertRefused(String reason, String name, String group, List<String> ops) {
    Worker refused = mesh.worker(name, group, new TreeSet<>(ops), 0, 0, Map.of(), 99L);
    mesh.turn();
    assertEquals(List.of(new WorkerOrder.Refused(reason)), refused.orders());
    assertTrue(refused.isCutOff());
  }

  @Test
  void refusesNumbersThatCannotBe() {
    for (Map<Integer, Long> holds : List.of(Map.of(3, 1L), Map.of(-1, 1L), Map.of(0, 0L))) {
      Worker refused = mesh.worker("a", GROUP, OPS, 0, 5, holds, null);
      mesh.turn();
      assertInstanceOf(WorkerOrder.Refused.class, refused.orders().getFirst());
    }
    Worker refused = mesh.worker("a", GROUP, OPS, 0, Long.MAX_VALUE, Map.of(), null);
    mesh.turn();
    assertInstanceOf(WorkerOrder.Refused.class, refused.orders().getFirst());
  }

  @Test
  void refusesANameThatTheSupervisorItselfStarts() {
    dies(zero);
    assertRefused(
        "worker worker-0 is started by the supervisor itself", "worker-0", GROUP, List.copyOf(OPS));
  }

  @Test
  void refusesMoreWorkersThanMayBeKnownAndForgetsThoseThatAreGone() {
    for (int i = 2; i < SupervisorScript.MEMBERS; i++) {
      mesh.joins("own-" + i, "group-" + i, "op-" + i);
    }
    assertRefused("there are 8 workers, the most there may be", "own-8", "g", List.of("op"));
    mesh.pass(HEARTBEAT.multipliedBy(2), zero, one);
    Worker next = mesh.joins("own-8", "g", "op");
    assertEquals("own-8", next.id().name());
    assertTrue(mesh.view().groups().size() < SupervisorScript.MEMBERS);
  }

  @Test
  void aLaterProcessReplacesTheFormerWhenThatOnesLeaseIsOver() {
    Worker former = mesh.joins("own", "g", "op");
    former.beat();
    former.acceptAll();
    former.isAcknowledged();
    Worker same = mesh.joins("own", "g", "op"); // the same pid, begun anew
    assertNotEquals(former.id(), same.id());
    assertTrue(same.id().incarnation() > former.id().incarnation());
    assertEquals(
        List.of(new WorkerOrder.Fenced("replaced by a later process of the name")),
        former.orders());
    assertTrue(former.isCutOff());
    same.beat();
    assertEquals(List.of(), same.orders(), "the former may not have noticed");
    mesh.pass(HEARTBEAT.multipliedBy(2), zero, one, same);
    assertEquals(3, same.orders().size());
  }

  @Test
  void incarnationsGrowOverAllNames() {
    Worker back = mesh.joins("own", "g", "op");
    assertTrue(back.id().incarnation() > one.id().incarnation());
    assertTrue(zero.id().incarnation() > VirtualClock.EPOCH.toEpochMilli());
  }

  // Leaving

  @Test
  void aWorkerThatLeavesHandsItsShardsOver() {
    Worker own = mesh.joins("own", "g", "op");
    Worker heir = mesh.joins("other", "g", "op");
    own.beat();
    own.acceptAll();
    List<String> both = List.of("own", "other");
    assertEquals("own", Rendezvous.owner(1, both).orElseThrow(), "it is to have some");
    heir.beat();
    own.orders().forEach(order -> own.say(released(order)));
    heir.acceptAll();
    assertEquals(WorkerState.LIVE, mesh.worker("own").state());

    own.say(new WorkerReport.Leaving());
    assertEquals(WorkerState.LEAVING, mesh.worker("own").state());
    List<WorkerOrder> asked = own.orders();
    asked.forEach(order -> own.say(released(order)));
    heir.orders().forEach(order -> assertEquals(KNOWN, ((Own) order).state()));
    assertEquals(List.of(new WorkerOrder.Fenced("left")), own.orders());
    assertTrue(own.isCutOff());
    assertEquals(WorkerState.GONE, mesh.worker("own").state());
    mesh.pass(WorkerWards.REMEMBERED, zero, one, heir);
    assertEquals(3, mesh.view().workers().size());
  }

  @Test
  void whatTheLastOfAGroupHandsOverIsKeptForTheNext() {
    Worker last = mesh.joins("own", "g", "op");
    last.beat();
    last.acceptAll();
    last.say(new WorkerReport.Leaving());
    last.orders().forEach(order -> last.say(released(order)));
    assertEquals(List.of(new WorkerOrder.Fenced("left")), last.orders());

    Worker next = mesh.joins("next", "g", "op");
    next.beat();
    assertEquals(List.of(own(0, 2, KNOWN), own(1, 2, KNOWN), own(2, 2, KNOWN)), next.orders());
  }

  @Test
  void noMoreIsKeptThanThereIsRoomFor() {
    var large =
        new ShardState(
            Map.of(
                new StateKey("op", "a"),
                new KeyState("x".repeat((int) (Holdings.KEPT_CHARS / 2)), null)),
            new LinkedHashMap<>(),
            null);
    Worker last = mesh.joins("own", "g", "op");
    last.beat();
    last.acceptAll();
    last.say(new WorkerReport.Leaving());
    for (int shard = 0; shard < 3; shard++) {
      last.say(new Released(shard, 1, large));
    }
    Worker next = mesh.joins("next", "g", "op");
    next.beat();
    assertEquals(List.of(own(0, 2, large), own(1, 2, lost()), own(2, 2, lost())), next.orders());
  }

  @Test
  void groupsAreForgottenWithTheirLastWorkerAndTheirEpochsGoOnGrowing() {
    Worker own = mesh.joins("own", "g", "op");
    own.beat();
    own.acceptAll();
    mesh.pass(HEARTBEAT.multipliedBy(2), zero, one);
    mesh.pass(WorkerWards.REMEMBERED, zero, one);
    assertEquals(1, mesh.view().groups().size());
    Worker back = mesh.joins("own", "other", "op");
    back.beat();
    assertEquals(own(0, 2, lost()), back.orders().getFirst());
  }

  @Test
  void twoGroupsShareNothing() {
    Worker own = mesh.joins("own", "python", "reverse");
    own.beat();
    own.acceptAll();
    assertEquals(List.of("own 1", "own 1", "own 1"), mesh.shards("python"));
    assertEquals(List.of("worker-0 1", "worker-1 1", "worker-0 1"), mesh.shards());
    dies(zero);
    assertEquals(List.of(), own.orders());
    assertEquals(List.of("own 1", "own 1", "own 1"), mesh.shards("python"));
    mesh.pass(HEARTBEAT.multipliedBy(2), one);
    assertEquals(List.of("- 1", "- 1", "- 1"), mesh.shards("python"));
    assertEquals(List.of(WorkerState.GONE), List.of(mesh.worker("own").state()));
  }

  // From outside

  @Test
  void showsHowTheWorkersAre() {
    clock.advance(Duration.ofMillis(30));
    dies(zero);
    assertEquals(
        List.of(
            new MeshView.Worker(
                "worker-0",
                GROUP,
                WorkerState.RESTARTING,
                zero.id().incarnation(),
                null,
                null,
                0,
                "broken"),
            new MeshView.Worker(
                "worker-1",
                GROUP,
                WorkerState.LIVE,
                one.id().incarnation(),
                one.join.pid(),
                Duration.ofMillis(30),
                0,
                null)),
        mesh.view().workers());
  }

  @Test
  void stallsAndKillsWhatItHasLaunched() {
    var stalled = mesh.supervisor.stall("worker-0", HEARTBEAT);
    var killed = mesh.supervisor.kill("worker-1");
    var unknown = mesh.supervisor.kill("worker-9");
    mesh.turn();
    assertTrue(stalled.toCompletableFuture().join());
    assertTrue(killed.toCompletableFuture().join());
    assertFalse(unknown.toCompletableFuture().join());
    assertEquals(List.of("stall PT0.1S"), mesh.lastProcess("worker-0").done);
    assertEquals(List.of("kill"), mesh.lastProcess("worker-1").done);
  }

  @Test
  void tellsAWorkerThatItHasNotLaunchedToStall() {
    Worker own = mesh.joins("own", "g", "op");
    var stalled = mesh.supervisor.stall("own", HEARTBEAT);
    var killed = mesh.supervisor.kill("own");
    mesh.turn();
    assertTrue(stalled.toCompletableFuture().join());
    assertFalse(killed.toCompletableFuture().join());
    assertEquals(List.of(new WorkerOrder.Stall(HEARTBEAT)), own.orders());
  }

  @Test
  void watchersLearnWhatHappensAndAreLetGoWhenTheyDoNotKeepUp() {
    var asked = mesh.supervisor.watch();
    var ending = mesh.supervisor.watch();
    mesh.turn();
    Topology.Watch watch = asked.toCompletableFuture().join();
    ending.toCompletableFuture().join().end().run();
    dies(zero);
    assertInstanceOf(MeshEvent.WorkerFenced.class, watch.events().tryReceive());
    for (int i = 0; i < Watchers.ROOM; i++) {
      assertFalse(watch.events().isClosedForReceive());
      one = one.again(Map.of(1, 1L));
      one.orders();
    }
    one = one.again(Map.of(1, 1L));
    while (watch.events().tryReceive() != null) {
      // what it had room for
    }
    assertTrue(watch.events().isClosedForReceive());
    assertTrue(ending.toCompletableFuture().join().events().isClosedForReceive());
  }

  @Test
  void soManyMayWatch() {
    for (int i = 0; i < Watchers.MOST; i++) {
      mesh.supervisor.watch();
    }
    var refused = mesh.supervisor.watch();
    mesh.turn();
    assertTrue(refused.toCompletableFuture().isCompletedExceptionally());
  }

  // The end

  @Test
  void endsWhatItHasLaunchedAndThenItself() {
    Process process = mesh.processes.getFirst();
    mesh.supervisor.close();
    mesh.supervisor.close();
    mesh.turn();
    assertEquals(List.of("stop"), process.done);
    assertFalse(mesh.process.isOver());

    zero.say(new WorkerReport.Leaving());
    zero.orders().forEach(order -> zero.say(released(order)));
    assertEquals(List.of(new WorkerOrder.Fenced("left")), zero.orders());
    process.ends("ended");
    mesh.processes.getLast().ends("ended");
    assertTrue(mesh.process.isOver());
    assertEquals(2, mesh.processes.size(), "none is started again");
  }

  @Test
  void aWorkerThatHangsDoesNotKeepItFromEnding() {
    mesh.supervisor.close();
    mesh.pass(HEARTBEAT.multipliedBy(2).plus(HEARTBEAT));
    assertEquals(List.of("stop", "kill"), mesh.processes.getFirst().done);
    assertTrue(mesh.process.isOver());
  }

  private static WorkerReport released(WorkerOrder order) {
    Release release = assertInstanceOf(Release.class, order);
    return new Released(release.shard(), release.epoch(), KNOWN);
  }

  private Own own(int shard, long epoch, ShardState state) {
    return new Own(shard, epoch, state);
  }

  private ShardState lost() {
    return ShardState.lost(clock.instant());
  }

  private static Slice slice(int shard) {
    return new Slice(GROUP, shard);
  }

  /** Its process has surely ended. */
  private void dies(Worker worker) {
    mesh.processes.stream()
        .filter(each -> each.launch == worker.join.launch())
        .findFirst()
        .orElseThrow()
        .ends("broken");
  }

  /** Worker-0 is started again and joins; worker-1 lives meanwhile. */
  private Worker restarted() {
    int before = mesh.processes.size();
    Duration waited = Duration.ZERO;
    while (mesh.processes.size() == before) {
      mesh.pass(HEARTBEAT.dividedBy(4), one);
      waited = waited.plus(HEARTBEAT.dividedBy(4));
      assertTrue(waited.compareTo(BACKOFF.multipliedBy(4)) < 0, "it is not started again");
    }
    return mesh.joins(mesh.processes.getLast());
  }
}
