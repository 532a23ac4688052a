package dev.sluice.mesh.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.store.ScriptedLog;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The router as it runs, on threads, among members that answer at once. */
@NoLeaks
@Timeout(60)
class RouterProcessesTest {
  private static final int SHARDS = 8;
  private static final int IN_FLIGHT = 500;

  private final Scope root = Scope.open("mesh");
  private final Scope processes = root.child("processes");
  private final FlakyDialer dialer = new FlakyDialer();
  private final ScriptedLog log = new ScriptedLog();
  private HeartbeatMonitor monitor;
  private PromptMembers members;
  private Router router;

  @BeforeEach
  void start() throws Exception {
    monitor = HeartbeatMonitor.start(root, "heartbeats", Duration.ofSeconds(1));
    members = new PromptMembers(root.child("members"), dialer, SHARDS, 3);
    dialer.listen(members);
    router = startRouter();
    members.link("router-0");
    while (!router.look().await().isJoined()) {
      Thread.onSpinWait();
    }
  }

  private Router startRouter() {
    var settings =
        new RouterSettings(
            new RouterAddress("router-0", "localhost:9084"),
            0,
            null,
            10_000,
            10_000,
            10_000,
            1 << 20,
            3,
            100_000,
            1 << 20);
    Router started = Router.start(processes, monitor, settings, log, dialer, MeshTrace.NONE);
    dialer.listen("router-0", started::join);
    return started;
  }

  @AfterEach
  void end() {
    processes.cancel();
    root.close();
  }

  @Test
  void answersManyCallersAtOnceDurablyOrNot() throws Exception {
    for (int round = 0; round < 20; round++) {
      var replies = new ArrayList<Reply<Told>>();
      for (int i = 0; i < IN_FLIGHT; i++) {
        replies.add(ask("r-" + round + "-" + i, i % 2 == 0));
      }
      for (int i = 0; i < IN_FLIGHT; i++) {
        assertEquals("" + i, replyOf(replies.get(i)));
      }
    }
    assertEquals(20L * IN_FLIGHT, router.look().await().counts().answered());
  }

  @Test
  void losesNothingWhenLinksBreakAllTheTime() throws Exception {
    var replies = new ArrayList<Reply<Told>>();
    for (int i = 0; i < 4_000; i++) {
      replies.add(ask("r-" + i, i % 2 == 0));
      if (i % 200 == 0) {
        dialer.cut(link -> link.to().equals("router-0"), i % 400 == 0);
        members.link("router-0");
      }
    }
    for (int i = 0; i < replies.size(); i++) {
      assertEquals("" + i, replyOf(replies.get(i)));
    }
  }

  @Test
  void finishesWhatWasAcceptedAndEnds() throws Exception {
    var replies = new ArrayList<Reply<Told>>();
    for (int i = 0; i < IN_FLIGHT; i++) {
      replies.add(ask("r-" + i, true));
    }
    router.close();
    processes.join();
    for (Reply<Told> reply : replies) {
      assertTrue(reply.isDone());
      replyOf(reply);
    }
    assertInstanceOf(RouterReport.Drained.class, members.reports().getLast());
    assertEquals(new Told.Draining(), ask("late", true).await());
    assertThrows(ChannelClosedException.class, () -> router.look().await());
    assertThrows(ChannelClosedException.class, () -> router.find("r-1").await());
    assertTrue(log.content().values().stream().allMatch(entry -> entry.outcome() != null));
    assertFalse(monitor.pulses().await().stream().map(Pulse::name).anyMatch("router"::equals));
  }

  @Test
  void callersOfACancelledRouterAreTold() throws Exception {
    members.pause();
    var waiting = ask("r-1", false);
    while (router.look().await().counts().inFlight() == 0) {
      Thread.onSpinWait();
    }
    processes.cancel();
    assertThrows(ChannelClosedException.class, waiting::await);
  }

  private Reply<Told> ask(String id, boolean durable) {
    String number = id.substring(id.lastIndexOf('-') + 1);
    var request = new Request(id, "key-" + number, "echo", number, durable);
    return router.ask(new Ask(request, Duration.ofMinutes(1)));
  }

  private static String replyOf(Reply<Told> reply) throws InterruptedException {
    var done = assertInstanceOf(Told.Done.class, reply.await());
    return assertInstanceOf(Outcome.Replied.class, done.outcome()).reply();
  }
}
