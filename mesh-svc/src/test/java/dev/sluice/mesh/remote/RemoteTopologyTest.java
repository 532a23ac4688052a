package dev.sluice.mesh.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.mesh.api.Chaos;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.WorkerState;
import dev.sluice.mesh.process.Topology;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A supervisor is asked over gRPC as it is asked in its own process. */
@QuarkusTest
@TestProfile(Chaos.class)
@Timeout(120)
class RemoteTopologyTest {

  @Inject Optional<Topology> supervisor;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  private ManagedChannel channel;
  private RemoteTopology remote;

  @BeforeEach
  void dial() throws Exception {
    channel = ManagedChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    remote = new RemoteTopology(channel, Duration.ofSeconds(30));
    awaitView(view ->
        view.workers().size() == 4
            && view.workers().stream().allMatch(worker -> worker.state() == WorkerState.LIVE)
            && view.shards().stream().allMatch(shard -> shard.owner() != null)
            && view.routers().stream().allMatch(router -> router.counts() != null));
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
  }

  @Test
  void theViewIsTheSame() throws Exception {
    MeshView here;
    MeshView there;
    do {
      here = answer(supervisor.orElseThrow().view());
      there = answer(remote.view());
    } while (!here.shards().equals(answer(supervisor.orElseThrow().view()).shards()));

    assertEquals(here.shards(), there.shards());
    assertEquals(here.groups(), there.groups());
    assertEquals(here.heartbeat(), there.heartbeat());
    assertEquals(here.reassignments(), there.reassignments());
    assertFalse(there.isGathering());
    for (int i = 0; i < 4; i++) {
      MeshView.Worker one = here.workers().get(i);
      MeshView.Worker same = there.workers().get(i);
      assertEquals(one.name(), same.name());
      assertEquals(one.group(), same.group());
      assertEquals(one.incarnation(), same.incarnation());
      assertEquals(one.state(), same.state());
      assertEquals(one.pid(), same.pid());
      assertEquals(one.restarts(), same.restarts());
      assertEquals(one.reason(), same.reason());
      assertNotNull(same.sinceHeartbeat());
    }
    assertEquals(here.routers().getFirst().name(), there.routers().getFirst().name());
    assertEquals(here.routers().getFirst().target(), there.routers().getFirst().target());
    assertEquals(
        here.routers().getFirst().counts().workers().keySet(),
        there.routers().getFirst().counts().workers().keySet());
  }

  @Test
  void whatHappensIsTold() throws Exception {
    Topology.Watch here = answer(supervisor.orElseThrow().watch());
    Topology.Watch there = answer(remote.watch());
    assertTrue(answer(remote.kill("worker-1")));

    MeshEvent first = there.events().receive();
    while (!here.events().receive().equals(first)) {
      // what happened before the other watch had begun
    }
    MeshEvent event = first;
    while (!isFencedWorker1(event)) {
      event = there.events().receive();
      assertEquals(here.events().receive(), event);
    }
    while (!(event instanceof MeshEvent.WorkerJoined joined
        && joined.worker().name().equals("worker-1"))) {
      event = there.events().receive();
      assertEquals(here.events().receive(), event);
    }
    here.end().run();
    there.end().run();
    while (there.events().receiveOrNull() != null) {
      // until the end
    }
    assertTrue(there.events().isClosedForReceive());
  }

  @Test
  void aWorkerThatIsNotThereIsRefusedInTheSupervisorsWords() {
    for (var call : List.of(remote.kill("nobody"), remote.stall("nobody", Duration.ofMillis(5)))) {
      StatusRuntimeException refused = failure(call);
      assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
      assertTrue(
          String.valueOf(refused.getStatus().getDescription())
              .startsWith("there is no live worker \"nobody\""));
    }
  }

  @Test
  void aSupervisorThatIsNotThereIsAFailure() throws Exception {
    int nobody;
    try (var free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    ManagedChannel nowhere =
        ManagedChannelBuilder.forAddress("localhost", nobody).usePlaintext().build();
    try {
      var asked = new RemoteTopology(nowhere, Duration.ofSeconds(30));
      assertEquals(Status.Code.UNAVAILABLE, failure(asked.view()).getStatus().getCode());
      assertEquals(Status.Code.UNAVAILABLE, failure(asked.watch()).getStatus().getCode());
      assertEquals(Status.Code.UNAVAILABLE, failure(asked.kill("w")).getStatus().getCode());
    } finally {
      nowhere.shutdownNow();
    }
  }

  private static boolean isFencedWorker1(MeshEvent event) {
    return event instanceof MeshEvent.WorkerFenced fenced
        && fenced.worker().name().equals("worker-1");
  }

  private void awaitView(Predicate<MeshView> wanted) throws Exception {
    while (!wanted.test(answer(remote.view()))) {
      Thread.onSpinWait(); // until it is so
    }
  }

  private static StatusRuntimeException failure(CompletionStage<?> stage) {
    Throwable cause =
        assertThrows(ExecutionException.class, () -> stage.toCompletableFuture().get()).getCause();
    return assertInstanceOf(
        StatusRuntimeException.class,
        cause instanceof CompletionException ? cause.getCause() : cause);
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get();
  }
}
