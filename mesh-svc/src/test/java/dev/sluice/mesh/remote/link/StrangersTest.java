package dev.sluice.mesh.remote.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.link.grpc.Answer;
import dev.sluice.mesh.link.grpc.Answers;
import dev.sluice.mesh.link.grpc.Beat;
import dev.sluice.mesh.link.grpc.Hello;
import dev.sluice.mesh.link.grpc.KeyState;
import dev.sluice.mesh.link.grpc.Leaving;
import dev.sluice.mesh.link.grpc.MembershipGrpc;
import dev.sluice.mesh.link.grpc.Owned;
import dev.sluice.mesh.link.grpc.Ping;
import dev.sluice.mesh.link.grpc.Released;
import dev.sluice.mesh.link.grpc.RouterAddress;
import dev.sluice.mesh.link.grpc.RouterJoin;
import dev.sluice.mesh.link.grpc.RouterToSupervisor;
import dev.sluice.mesh.link.grpc.ShardState;
import dev.sluice.mesh.link.grpc.SupervisorToWorker;
import dev.sluice.mesh.link.grpc.WorkGrpc;
import dev.sluice.mesh.link.grpc.WorkerJoin;
import dev.sluice.mesh.link.grpc.WorkerToRouter;
import dev.sluice.mesh.link.grpc.WorkerToSupervisor;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever dials may send anything: it gets a status that says what is wrong, and leaves nothing.
 */
@NoLeaks
@Timeout(60)
class StrangersTest {
  private static final int LINKS = 4;
  private static final Duration FIRST_WITHIN = Duration.ofSeconds(1);

  private LinkServer server;
  private ManagedChannel connection;

  @BeforeEach
  void listen() throws Exception {
    server = new LinkServer(LINKS, FIRST_WITHIN);
    connection = Connections.to(server.target());
  }

  @AfterEach
  void end() throws Exception {
    connection.shutdownNow();
    server.close();
    assertEquals(0, server.streams.count());
  }

  @Test
  void workersThatDoNotJoinAsTheyMust() throws Exception {
    WorkerJoin good = join().build();
    for (WorkerToSupervisor bad :
        List.of(
            WorkerToSupervisor.getDefaultInstance(),
            report(Owned.newBuilder().setShard(1).setEpoch(1)),
            WorkerToSupervisor.newBuilder().setLeaving(Leaving.getDefaultInstance()).build(),
            join(good.toBuilder().setName("")),
            join(good.toBuilder().setName("a\nb")),
            join(good.toBuilder().setName("x".repeat(257))),
            join(good.toBuilder().setGroup("")),
            join(good.toBuilder().clearOps()),
            join(good.toBuilder().addOps("")),
            join(good.toBuilder().addAllOps(names(2000))),
            join(good.toBuilder().setLaunch(-1)),
            join(good.toBuilder().setIncarnation(-1)),
            join(good.toBuilder().setPid(-1)),
            join(good.toBuilder().putHolds(-1, 1)),
            join(good.toBuilder().putHolds(1 << 20, 1)),
            join(good.toBuilder().putHolds(0, 0)))) {
      assertInvalid(joinWorker(bad));
    }
  }

  @Test
  void workersThatReportWhatCannotBe() throws Exception {
    ShardState state = ShardState.getDefaultInstance();
    Released part =
        Released.newBuilder().setShard(1).setEpoch(1).setState(state).setMore(true).build();
    for (List<WorkerToSupervisor> bad :
        List.of(
            List.of(join(join())),
            List.of(WorkerToSupervisor.getDefaultInstance()),
            List.of(report(Owned.newBuilder().setShard(-1).setEpoch(1))),
            List.of(report(Owned.newBuilder().setShard(70_000).setEpoch(1))),
            List.of(report(Owned.newBuilder().setShard(1))),
            List.of(released(part.toBuilder().setEpoch(0))),
            List.of(released(part.toBuilder()), released(part.toBuilder().setShard(2))),
            List.of(released(part.toBuilder()), released(part.toBuilder().setEpoch(2))),
            List.of(released(part.toBuilder()), report(Owned.newBuilder().setShard(1).setEpoch(1))),
            List.of(
                released(
                    part.toBuilder()
                        .setState(
                            ShardState.newBuilder()
                                .addStates(KeyState.newBuilder().setOp("count"))))),
            List.of(
                released(
                    part.toBuilder()
                        .setState(
                            ShardState.newBuilder()
                                .setLostAt(Timestamp.newBuilder().setNanos(-1))))))) {
      var all = new ArrayList<WorkerToSupervisor>();
      all.add(join(join()));
      all.addAll(bad);
      assertInvalid(joinWorker(all.toArray(WorkerToSupervisor[]::new)));
      var joined = server.workers.receive();
      joined.link().in().forEach(_ -> {}); // until it ends
    }
  }

  @Test
  void statesWithoutAnEnd() throws Exception {
    String large = "x".repeat(500_000);
    var part =
        Released.newBuilder()
            .setShard(1)
            .setEpoch(1)
            .setMore(true)
            .setState(
                ShardState.newBuilder()
                    .addStates(KeyState.newBuilder().setOp("count").setKey("a").setState(large)));
    var all = new ArrayList<WorkerToSupervisor>();
    all.add(join(join()));
    for (int i = 0; i < 200; i++) {
      all.add(released(part));
    }

    Status status = joinWorker(all.toArray(WorkerToSupervisor[]::new));

    assertInvalid(status);
    assertTrue(status.getDescription().contains("bytes at most"), status.toString());
    assertEquals(null, server.workers.receive().link().in().receiveOrNull());
  }

  @Test
  void routersThatAreNone() throws Exception {
    RouterJoin good =
        RouterJoin.newBuilder()
            .setAddress(RouterAddress.newBuilder().setName("router-0").setTarget("localhost:1"))
            .build();
    for (RouterToSupervisor bad :
        List.of(
            RouterToSupervisor.getDefaultInstance(),
            router(RouterJoin.newBuilder()),
            router(good.toBuilder().setLaunch(-1)),
            router(
                good.toBuilder()
                    .addEpochs(
                        dev.sluice.mesh.link.grpc.KnownEpoch.newBuilder()
                            .setGroup("g")
                            .setShard(-1)
                            .setEpoch(1))))) {
      assertInvalid(call(MembershipGrpc.newStub(connection)::joinRouter, bad));
    }
  }

  @Test
  void beatsOfNobody() throws Exception {
    assertInvalid(call(MembershipGrpc.newStub(connection)::beats, Beat.getDefaultInstance()));
    assertInvalid(
        call(
            MembershipGrpc.newStub(connection)::beats,
            Beat.newBuilder().setMember("a").setIncarnation(-1).build()));
  }

  @Test
  void helloesAndAnswersThatCannotBe() throws Exception {
    Hello good =
        Hello.newBuilder().setWorker("w").setIncarnation(1).setGroup("g").setWindow(4).build();
    for (List<WorkerToRouter> bad :
        List.of(
            List.of(WorkerToRouter.getDefaultInstance()),
            List.of(WorkerToRouter.newBuilder().setPing(Ping.getDefaultInstance()).build()),
            List.of(hello(good.toBuilder().setIncarnation(0))),
            List.of(hello(good.toBuilder().setWindow(0))),
            List.of(hello(good.toBuilder().setWindow(1_000_000))),
            List.of(hello(good.toBuilder()), hello(good.toBuilder())),
            List.of(hello(good.toBuilder()), answer(Answer.newBuilder().setEpoch(1))),
            List.of(hello(good.toBuilder()), answer(Answer.newBuilder().setNumber(1).setEpoch(1))),
            List.of(
                hello(good.toBuilder()),
                answer(Answer.newBuilder().setNumber(1).setReplied("1"))))) {
      assertInvalid(call(WorkGrpc.newStub(connection)::work, bad.toArray(WorkerToRouter[]::new)));
    }
  }

  @Test
  void messagesThatAreTooLarge() throws Exception {
    Status status = joinWorker(join(join().setName("x".repeat(2_000_000))));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getCode(), status.toString());
  }

  @Test
  void whoSaysNothing() throws Exception {
    var ended = new Ended<SupervisorToWorker>();
    MembershipGrpc.newStub(connection).joinWorker(ended.observer());
    Status status = ended.status();

    assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode(), status.toString());
    assertEquals("the first message must come within 1 s", status.getDescription());
  }

  @Test
  void whoHangsUpAtOnce() throws Exception {
    for (int i = 0; i < 100; i++) {
      var ended = new Ended<SupervisorToWorker>();
      StreamObserver<WorkerToSupervisor> call =
          MembershipGrpc.newStub(connection).joinWorker(ended.observer());
      if (i % 2 == 0) {
        call.onCompleted();
      } else {
        call.onError(new IllegalStateException("changed its mind"));
      }
      ended.status();
      while (server.streams.count() > LINKS / 2) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void moreThanThereMayBe() throws Exception {
    var calls = new ArrayList<StreamObserver<WorkerToSupervisor>>();
    for (int i = 0; i < LINKS; i++) {
      var call =
          MembershipGrpc.newStub(connection).joinWorker(new Ended<SupervisorToWorker>().observer());
      call.onNext(join(join()));
      server.workers.receive();
      calls.add(call);
    }

    Status status = joinWorker(join(join()));

    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    assertEquals("all links that may be open are open", status.getDescription());
    assertEquals(LINKS, server.streams.count());
    calls.forEach(call -> call.onError(new IllegalStateException("gone")));
  }

  private Status joinWorker(WorkerToSupervisor... messages) throws Exception {
    return call(MembershipGrpc.newStub(connection)::joinWorker, messages);
  }

  @SafeVarargs
  private static <P, Q> Status call(
      Function<StreamObserver<Q>, StreamObserver<P>> method, P... messages) throws Exception {
    var ended = new Ended<Q>();
    StreamObserver<P> call = method.apply(ended.observer());
    for (P message : messages) {
      try {
        call.onNext(message);
      } catch (IllegalStateException over) {
        break;
      }
    }
    return ended.status();
  }

  private static void assertInvalid(Status status) {
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
  }

  /** How a call ends. */
  private static final class Ended<Q> {
    private final CompletableFuture<Status> status = new CompletableFuture<>();

    Status status() throws Exception {
      return status.get();
    }

    StreamObserver<Q> observer() {
      return new StreamObserver<>() {
        @Override
        public void onNext(Q message) {}

        @Override
        public void onError(Throwable broken) {
          status.complete(Status.fromThrowable(broken));
        }

        @Override
        public void onCompleted() {
          status.complete(Status.OK);
        }
      };
    }
  }

  private static WorkerJoin.Builder join() {
    return WorkerJoin.newBuilder().setName("w").setGroup("g").addOps("reverse");
  }

  private static WorkerToSupervisor join(WorkerJoin.Builder join) {
    return WorkerToSupervisor.newBuilder().setJoin(join).build();
  }

  private static WorkerToSupervisor report(Owned.Builder owned) {
    return WorkerToSupervisor.newBuilder().setOwned(owned).build();
  }

  private static WorkerToSupervisor released(Released.Builder released) {
    return WorkerToSupervisor.newBuilder().setReleased(released).build();
  }

  private static RouterToSupervisor router(RouterJoin.Builder join) {
    return RouterToSupervisor.newBuilder().setJoin(join).build();
  }

  private static WorkerToRouter hello(Hello.Builder hello) {
    return WorkerToRouter.newBuilder().setHello(hello).build();
  }

  private static WorkerToRouter answer(Answer.Builder answer) {
    return WorkerToRouter.newBuilder().setAnswers(Answers.newBuilder().addAnswers(answer)).build();
  }

  private static Iterable<String> names(int count) {
    return Stream.iterate(0, i -> i + 1).limit(count).map(i -> "op-" + i).toList();
  }
}
