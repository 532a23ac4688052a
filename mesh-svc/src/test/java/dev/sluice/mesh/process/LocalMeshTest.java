package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.store.MemoryShardStore;
import dev.sluice.mesh.store.ScriptedLog;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole mesh in one JVM, as it is when nothing else is said: linked by {@link LocalDialer}. */
@NoLeaks
@Timeout(60)
class LocalMeshTest {
  private static final String ROUTER = "router-0";
  private static final int WORKERS = 3;
  private static final int SHARDS = 8;
  private static final Duration HEARTBEAT = Duration.ofMillis(500);

  private final Scope root = Scope.open("mesh");
  private final Scope members = root.child("members");
  private final Scope routing = root.child("routing");
  private final LocalDialer dialer = new LocalDialer(List.of(ROUTER));
  private final ScriptedLog log = new ScriptedLog();
  private Supervisor supervisor;
  private Router router;

  @BeforeEach
  void start() throws Exception {
    var monitor = HeartbeatMonitor.start(root, "heartbeats", Duration.ofSeconds(1));
    supervisor =
        Supervisor.start(
            members,
            monitor,
            new SupervisorSettings(
                SHARDS,
                WORKERS,
                0,
                HEARTBEAT,
                false,
                10,
                new SupervisorSettings.Restarts(
                    Duration.ofMillis(10), Duration.ofSeconds(1), 100, Duration.ofMinutes(1))),
            new ScopeLauncher(members, (scope, name, launch) -> worker(scope, name, launch)::leave),
            new EpochClock(root.clock()),
            _ -> {},
            MeshTrace.NONE);
    var settings =
        new RouterSettings(
            new RouterAddress(ROUTER, "here"),
            0,
            null,
            10_000,
            10_000,
            10_000,
            1 << 20,
            3,
            10_000,
            1 << 20);
    router = Router.start(routing, monitor, settings, log, dialer, MeshTrace.NONE);
    dialer.meet(supervisor);
    dialer.meet(ROUTER, router);
    while (!router.look().await().isJoined()) {
      Thread.onSpinWait();
    }
  }

  private Worker worker(Scope scope, String name, long launch) throws InterruptedException {
    return Worker.start(
        scope,
        null,
        new WorkerSettings(name, "built-in", launch, null, 64),
        Operations.of(new Echo(), new Count()),
        from -> new MemoryShardStore(1_000, 1_000, 1_000_000, from),
        dialer,
        _ -> {},
        MeshTrace.NONE);
  }

  @AfterEach
  void end() {
    root.cancel();
    root.close();
  }

  @Test
  void runsTheRequestsOfEachKeyInTheOrderInWhichTheyWereAsked() throws Exception {
    var replies = new ArrayList<Reply<Told>>();
    for (int i = 0; i < 3_000; i++) {
      replies.add(ask("r-" + i, "key-" + i % 10, i % 3 == 0));
    }
    var owners = new HashSet<String>();
    for (int i = 0; i < replies.size(); i++) {
      var replied = replied(replies.get(i));
      assertEquals("{\"count\":" + (i / 10 + 1) + "}", replied.reply());
      owners.add(replied.worker());
    }
    assertTrue(owners.size() > 1, "they share the work: " + owners);
  }

  @Test
  void answersWhatWasAcceptedAlsoWhenWorkersAreKilled() throws Exception {
    var replies = new ArrayList<Reply<Told>>();
    for (int i = 0; i < 3_000; i++) {
      if (i % 1_000 == 500) {
        replied(replies.getLast()); // so that the worker is there, and at work
        supervisor.kill("worker-" + i / 1_000);
      }
      replies.add(ask("r-" + i, "key-" + i % 10, true));
    }
    for (Reply<Told> reply : replies) {
      replied(reply);
    }
    router.close();
    routing.join(); // a caller is told before the outcome is kept
    assertTrue(log.content().values().stream().allMatch(entry -> entry.outcome() != null));
  }

  @Test
  void endsInGoodOrder() throws Exception {
    var replies = new ArrayList<Reply<Told>>();
    for (int i = 0; i < 1_000; i++) {
      replies.add(ask("r-" + i, "key-" + i % 10, true));
    }
    router.close();
    routing.join();
    supervisor.close();
    members.join();
    for (Reply<Told> reply : replies) {
      assertTrue(reply.isDone());
      replied(reply);
    }
  }

  @Test
  void aRouterThatThereIsNotIsALinkThatHasEnded() {
    var hello = new WorkerHello(new WorkerId("worker-9", 1), "built-in", 8);
    var link = dialer.work(new RouterAddress("router-9", "nowhere"), hello);
    assertTrue(link.in().isClosedForReceive());
    assertTrue(link.out().isClosedForSend());
    var wrong = assertThrows(IllegalArgumentException.class, () -> dialer.meet("router-9", router));
    assertEquals("router is router-9, must be one of router-0", wrong.getMessage());
  }

  private Reply<Told> ask(String id, String key, boolean durable) {
    return router.ask(
        new Ask(new Request(id, key, "count", "null", durable), Duration.ofMinutes(1)));
  }

  private static Outcome.Replied replied(Reply<Told> reply) throws InterruptedException {
    var done = assertInstanceOf(Told.Done.class, reply.await());
    return assertInstanceOf(Outcome.Replied.class, done.outcome());
  }
}
