package dev.sluice.mesh.remote.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.Fingerprint;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.Group;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.StateKey;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links between two ends that a network lies between. */
@NoLeaks
@Timeout(60)
class LinksTest {
  private static final WorkerId WORKER = new WorkerId("worker-1", 7);
  private static final WorkerJoin JOIN =
      new WorkerJoin(
          "worker-1",
          "built-in",
          new TreeSet<>(List.of("echo", "count")),
          3,
          7,
          Map.of(0, 5L, 31, 6L),
          4711L);

  private LinkServer server;
  private Scope scope;
  private GrpcDialer dialer;

  @BeforeEach
  void listen() throws Exception {
    server = new LinkServer(16, Duration.ofSeconds(10));
    scope = Scope.open("client");
    dialer = new GrpcDialer(scope, server.target(), () -> {});
  }

  @AfterEach
  void end() throws Exception {
    scope.close();
    server.close();
    assertEquals(0, server.streams.count());
  }

  @Test
  void carriesWhatWorkerAndSupervisorSay() throws Exception {
    Link<WorkerReport, WorkerOrder> client = dialer.join(JOIN);
    var joined = server.workers.receive();
    assertEquals(JOIN, joined.join());

    ShardState state = state(3, 10);
    carries(
        client,
        joined.link(),
        List.of(
            new WorkerReport.Owned(3, 9),
            new WorkerReport.Released(4, 10, state),
            new WorkerReport.Released(5, 11, ShardState.EMPTY),
            new WorkerReport.Leaving()));
    carries(
        joined.link(),
        client,
        List.of(
            new WorkerOrder.Welcome(WORKER, Duration.ofMillis(1500)),
            new WorkerOrder.Refused("no"),
            new WorkerOrder.Own(3, 9, state),
            new WorkerOrder.Own(4, 9, ShardState.lost(Instant.parse("2026-01-02T03:04:05.678Z"))),
            new WorkerOrder.Release(4, 10),
            new WorkerOrder.Routers(List.of(new RouterAddress("router-0", "localhost:9"))),
            new WorkerOrder.Routers(List.of()),
            new WorkerOrder.Fenced("silent"),
            new WorkerOrder.Stall(Duration.ofSeconds(5))));
  }

  @Test
  void carriesWhatRouterAndSupervisorSay() throws Exception {
    var join =
        new RouterJoin(server.router(), 5, Map.of(new Slice("built-in", 3), 12L), true, 4712L);
    Link<RouterReport, RouterOrder> client = dialer.join(join);
    var joined = server.routers.receive();
    assertEquals(join, joined.join());

    carries(
        client,
        joined.link(),
        List.of(
            new RouterReport.Counts(
                new RouterCounts(
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    7,
                    8,
                    9,
                    10,
                    11,
                    Map.of("worker-1", new RouterCounts.Load(true, 12, 13)))),
            new RouterReport.Drained()));
    carries(
        joined.link(),
        client,
        List.of(
            new RouterOrder.Welcome(Duration.ofSeconds(1), 32),
            new RouterOrder.Groups(
                List.of(new Group("built-in", new TreeSet<>(List.of("count", "echo"))))),
            new RouterOrder.Route(new Slice("built-in", 31), WORKER, 13),
            new RouterOrder.Fence(WORKER),
            new RouterOrder.GiveUp("built-in")));
  }

  @Test
  void carriesDeliveriesAndAnswers() throws Exception {
    var hello = new WorkerHello(WORKER, "built-in", 64);
    Link<FromWorker, ToWorker> client = dialer.work(server.router(), hello);
    var joined = server.hellos.receive();
    assertEquals(hello, joined.join());

    carries(
        joined.link(),
        client,
        List.of(
            new ToWorker.Deliveries(List.of(delivery(1, "null"), delivery(2, "{\"a\":1}"))),
            new ToWorker.Ping()));
    carries(
        client,
        joined.link(),
        List.of(
            new FromWorker.Answers(
                List.of(
                    answer(1, new Result.Replied("{\"n\":1}")),
                    answer(2, new Result.Failed("cannot")),
                    answer(3, new Result.Faulty("broken")),
                    answer(4, new Result.Conflicts()),
                    answer(5, new Result.Full("no room")),
                    answer(6, new Result.Stale()))),
            new FromWorker.Ping()));
  }

  @Test
  void carriesBeats() throws Exception {
    Link<Beat, BeatAck> client = dialer.beats();
    client.out().send(new Beat("worker-1", 7, 1));
    Link<BeatAck, Beat> joined = server.beats.receive();

    assertEquals(new Beat("worker-1", 7, 1), joined.in().receive());
    carries(client, joined, List.of(new Beat("router-0", 0, 2)));
    carries(joined, client, List.of(new BeatAck(1), new BeatAck(2)));
  }

  @Test
  void carriesStatesThatAreLargerThanAMessage() throws Exception {
    Link<WorkerReport, WorkerOrder> client = dialer.join(JOIN);
    var joined = server.workers.receive();
    ShardState large = state(20_000, 300);

    carries(client, joined.link(), List.of(new WorkerReport.Released(1, 2, large)));
    carries(joined.link(), client, List.of(new WorkerOrder.Own(1, 3, large)));
  }

  @Test
  void cutsBatchesThatAreLargerThanAMessage() throws Exception {
    var client = dialer.work(server.router(), new WorkerHello(WORKER, "built-in", 64));
    var joined = server.hellos.receive();
    String large = "\"" + "x".repeat(300_000) + "\"";
    List<ToWorker.Delivery> all =
        IntStream.rangeClosed(1, 20).mapToObj(number -> delivery(number, large)).toList();

    joined.link().out().send(new ToWorker.Deliveries(all));
    var came = new ArrayList<ToWorker.Delivery>();
    while (came.size() < all.size()) {
      came.addAll(((ToWorker.Deliveries) client.in().receive()).deliveries());
    }

    assertEquals(all, came);
  }

  @Test
  void answersThatTheReplyIsTooLargeInsteadOfBreaking() throws Exception {
    var client = dialer.work(server.router(), new WorkerHello(WORKER, "built-in", 64));
    var joined = server.hellos.receive();

    client
        .out()
        .send(
            new FromWorker.Answers(
                List.of(answer(1, new Result.Replied("\"" + "x".repeat(2_000_000) + "\"")))));

    var answers = (FromWorker.Answers) joined.link().in().receive();
    assertEquals(
        List.of(answer(1, new Result.Failed("its reply is larger than 1047552 bytes"))),
        answers.answers());
  }

  @Test
  void takesWhatIsNoJsonForAFaultOfTheOperation() throws Exception {
    var client = dialer.work(server.router(), new WorkerHello(WORKER, "built-in", 64));
    var joined = server.hellos.receive();

    for (String reply : List.of("", "{", "{} {}", "nope", "{'a':1}", "[1,]")) {
      client.out().send(new FromWorker.Answers(List.of(answer(1, new Result.Replied(reply)))));
      var answers = (FromWorker.Answers) joined.link().in().receive();
      assertTrue(answers.answers().getFirst().result() instanceof Result.Faulty, reply);
    }
  }

  @Test
  void makesWhoSendsWaitForWhoDoesNotRead() throws Exception {
    Link<FromWorker, ToWorker> client =
        dialer.work(server.router(), new WorkerHello(WORKER, "built-in", 4));
    var out = server.hellos.receive().link().out();
    String payload = "\"" + "x".repeat(10_000) + "\"";
    int sent = 0;
    while (out.trySend(
        new ToWorker.Deliveries(List.of(delivery(sent + 1, payload))), Duration.ofSeconds(1))) {
      sent++;
      assertTrue(sent < 2_000, "20 MB lie somewhere, and nobody reads");
    }

    for (int i = 1; i <= sent; i++) {
      var deliveries = (ToWorker.Deliveries) client.in().receive();
      assertEquals(i, deliveries.deliveries().getFirst().number());
    }
    out.send(new ToWorker.Ping());
    assertEquals(new ToWorker.Ping(), client.in().receive());
  }

  @Test
  void endsInGoodOrderWhenTheDiallerCloses() throws Exception {
    Link<WorkerReport, WorkerOrder> client = dialer.join(JOIN);
    Link<WorkerOrder, WorkerReport> joined = server.workers.receive().link();

    client.out().send(new WorkerReport.Leaving());
    client.out().close();
    assertEquals(new WorkerReport.Leaving(), joined.in().receive());
    assertNull(joined.in().receiveOrNull());
    joined.out().send(new WorkerOrder.Fenced("left"));
    joined.out().close();

    assertEquals(new WorkerOrder.Fenced("left"), client.in().receive());
    assertNull(client.in().receiveOrNull());
  }

  @Test
  void endsInGoodOrderWhenTheListenerCloses() throws Exception {
    Link<WorkerReport, WorkerOrder> client = dialer.join(JOIN);
    Link<WorkerOrder, WorkerReport> joined = server.workers.receive().link();

    joined.out().send(new WorkerOrder.Fenced("silent"));
    joined.out().close();

    assertEquals(new WorkerOrder.Fenced("silent"), client.in().receive());
    assertNull(client.in().receiveOrNull());
    assertNull(joined.in().receiveOrNull());
  }

  @Test
  void isCutAtBothEndsByEither() throws Exception {
    Link<WorkerReport, WorkerOrder> first = dialer.join(JOIN);
    Link<WorkerOrder, WorkerReport> joined = server.workers.receive().link();
    joined.cut().run();
    joined.cut().run();
    assertNull(first.in().receiveOrNull());
    assertNull(joined.in().receiveOrNull());

    Link<WorkerReport, WorkerOrder> second = dialer.join(JOIN);
    joined = server.workers.receive().link();
    second.cut().run();
    assertNull(joined.in().receiveOrNull());
    assertNull(second.in().receiveOrNull());
  }

  @Test
  void breaksWhenTheOtherSideIsGone() throws Exception {
    Link<WorkerReport, WorkerOrder> client = dialer.join(JOIN);
    Link<WorkerOrder, WorkerReport> joined = server.workers.receive().link();

    server.stop();

    assertNull(client.in().receiveOrNull());
    assertNull(joined.in().receiveOrNull());
  }

  @Test
  void isBrokenFromTheStartWhenNobodyListens() throws Exception {
    for (String nobody : List.of("127.0.0.1:1", "no target at all", "")) {
      var lonely = new GrpcDialer(scope, nobody, () -> {});
      assertNull(lonely.join(JOIN).in().receiveOrNull(), nobody);
      assertNull(lonely.beats().in().receiveOrNull(), nobody);
    }
  }

  @Test
  void endsWithTheProcessOfEitherSide() throws Exception {
    Link<WorkerReport, WorkerOrder> client = dialer.join(JOIN);
    Link<WorkerOrder, WorkerReport> joined = server.workers.receive().link();

    server.scope.cancel();

    assertNull(client.in().receiveOrNull());
    assertNull(joined.in().receiveOrNull());
    scope.cancel();
    assertNull(dialer.join(JOIN).in().receiveOrNull());
  }

  private static <T> void carries(Link<? super T, ?> from, Link<?, ? super T> to, List<T> messages)
      throws InterruptedException {
    for (T message : messages) {
      from.out().send(message);
    }
    for (T message : messages) {
      assertEquals(message, to.in().receive());
    }
  }

  private static ToWorker.Delivery delivery(long number, String payload) {
    return new ToWorker.Delivery(
        number, 3, 9, new Request("r-" + number, "acct-é", "echo", payload, false));
  }

  private static FromWorker.Answer answer(long number, Result result) {
    return new FromWorker.Answer(number, 9, result);
  }

  private static ShardState state(int keys, int length) {
    var states = new HashMap<StateKey, KeyState>();
    var answered = new LinkedHashMap<String, Answered>();
    for (int i = 0; i < keys; i++) {
      Instant until = i % 2 == 0 ? null : Instant.ofEpochSecond(i, 5);
      states.put(new StateKey("count", "key-" + i), new KeyState("s".repeat(length), until));
      answered.put("id-" + i, new Answered(new Fingerprint(i, -i), "\"" + i + "\""));
    }
    return new ShardState(states, answered, Instant.parse("2026-01-02T03:04:05.678Z"));
  }
}
