package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerState;
import dev.sluice.mesh.store.MemoryShardStore;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real workers in scopes of their own, led by a real supervisor, by the machine's clock. */
@NoLeaks
@Timeout(60)
class ScopeLauncherTest {
  private static final Duration HEARTBEAT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final SupervisorSettings SETTINGS =
      new SupervisorSettings(
          8,
          2,
          0,
          HEARTBEAT,
          false,
          4,
          new SupervisorSettings.Restarts(
              Duration.ofMillis(10), Duration.ofMillis(10), 3, Duration.ofMinutes(1)));

  private final Channel<MeshEvent> events = Channel.buffered(10_000);
  private final LocalDialer dialer = new LocalDialer(List.of());
  private Scope life;
  private Scope scope;
  private Supervisor supervisor;
  private boolean isBroken;

  @BeforeEach
  void starts() throws InterruptedException {
    life = Scope.open("life");
    scope = Scope.open("mesh");
    var launcher = new ScopeLauncher(scope, this::startWorker);
    supervisor =
        Supervisor.start(
            scope,
            HeartbeatMonitor.start(life, "monitor", Duration.ofSeconds(1)),
            SETTINGS,
            launcher,
            new EpochClock(Clock.system()),
            events::trySend,
            MeshTrace.NONE);
    dialer.meet(supervisor);
  }

  @AfterEach
  void ends() {
    scope.close();
    life.close();
  }

  private Runnable startWorker(Scope its, String name, long launch) throws InterruptedException {
    if (isBroken) {
      throw new IllegalStateException("broken");
    }
    return Worker.start(
            its,
            null,
            new WorkerSettings(name, "built-in", launch, null, 8),
            Operations.builtIn(),
            from -> new MemoryShardStore(100, 100, 1_000, from),
            dialer,
            _ -> {},
            MeshTrace.NONE)
        ::leave;
  }

  private Link<RouterReport, RouterOrder> joinsRouter() {
    return dialer.join(
        new RouterJoin(new RouterAddress("router", "none:1"), 0, Map.of(), false, null));
  }

  private MeshEvent await(Predicate<MeshEvent> wanted) throws InterruptedException {
    while (true) {
      MeshEvent event = events.receive();
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  private WorkerId joined(String name) throws InterruptedException {
    MeshEvent joined =
        await(
            event -> event instanceof MeshEvent.WorkerJoined it && it.worker().name().equals(name));
    return ((MeshEvent.WorkerJoined) joined).worker();
  }

  /** Both live, and every shard has an owner. */
  private void awaitAllOwned() throws InterruptedException {
    while (!isAllOwned(supervisor.view().toCompletableFuture().join())) {
      events.receive();
    }
  }

  private static boolean isAllOwned(MeshView view) {
    return view.shards().stream().filter(shard -> shard.owner() != null).count()
            == SETTINGS.shards()
        && view.workers().stream().allMatch(worker -> worker.state() == WorkerState.LIVE);
  }

  @Test
  void itsWorkersJoinOwnShardsAndEndInGoodOrder() throws InterruptedException {
    joinsRouter();
    awaitAllOwned();
    supervisor.close();
    for (int worker = 0; worker < 2; worker++) {
      var left = (MeshEvent.WorkerFenced) await(event -> event instanceof MeshEvent.WorkerFenced);
      assertEquals("left", left.reason());
    }
    scope.join();
    assertFalse(supervisor.beats(LocalLink.<BeatAck, Beat>of(1).dialling()));
  }

  @Test
  void aKilledWorkerIsStartedAgainAsAnother() throws InterruptedException {
    joinsRouter();
    awaitAllOwned();
    assertTrue(supervisor.kill("worker-0").toCompletableFuture().join());
    var fenced = (MeshEvent.WorkerFenced) await(event -> event instanceof MeshEvent.WorkerFenced);
    assertEquals("killed", fenced.reason());
    assertNotEquals(fenced.worker(), joined("worker-0"));
  }

  @Test
  void aStalledWorkerIsFencedAndStartedAgain() throws InterruptedException {
    joinsRouter();
    awaitAllOwned();
    assertTrue(supervisor.stall("worker-1", LONG).toCompletableFuture().join());
    var fenced = (MeshEvent.WorkerFenced) await(event -> event instanceof MeshEvent.WorkerFenced);
    assertEquals("missed 2 heartbeats", fenced.reason());
    assertEquals("worker-1", fenced.worker().name());
    assertNotEquals(fenced.worker(), joined("worker-1"));
  }

  @Test
  void oneThatCannotBeStartedIsOutOfServiceInTheEnd() throws InterruptedException {
    joinsRouter();
    awaitAllOwned();
    isBroken = true;
    supervisor.kill("worker-0");
    var out =
        (MeshEvent.WorkerOutOfService)
            await(event -> event instanceof MeshEvent.WorkerOutOfService);
    assertEquals("worker-0", out.worker());
    assertTrue(out.reason().contains("broken"), out.reason());
  }

  @Test
  void launchesNoRouters() {
    var launcher = new ScopeLauncher(scope, this::startWorker);
    assertThrows(
        IllegalArgumentException.class,
        () -> launcher.launch(Launcher.Kind.ROUTER, "router-0", 1, _ -> {}));
  }
}
