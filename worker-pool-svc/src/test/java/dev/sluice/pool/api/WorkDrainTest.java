package dev.sluice.pool.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.grpc.AckRequest;
import dev.sluice.pool.grpc.JobState;
import dev.sluice.pool.grpc.LeasedJob;
import dev.sluice.pool.grpc.WorkReady;
import dev.sluice.pool.grpc.WorkRequest;
import dev.sluice.pool.grpc.WorkResponse;
import dev.sluice.pool.grpc.WorkerPoolGrpc;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import dev.sluice.pool.process.WorkerPool;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of streams of workers when the service stops. */
@QuarkusTest
@TestProfile(WorkDrainTest.OwnPool.class)
@Timeout(120)
class WorkDrainTest {

  /** So that no other test meets a pool that is drained. */
  public static final class OwnPool implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.pool.workers", "4");
    }
  }

  @Inject WorkerPool pool;

  @GrpcClient("pool")
  WorkerPoolBlockingStub grpc;

  private final String queue = Pool.newQueue();

  /** A worker on a stream. */
  private final class Worker implements StreamObserver<WorkResponse> {
    private final Channel<WorkResponse> came = Channel.buffered(10);
    private final Channel<StatusRuntimeException> ended = Channel.buffered(1);
    private final StreamObserver<WorkRequest> stream =
        WorkerPoolGrpc.newStub(grpc.getChannel()).work(this);

    Worker(int credits) {
      stream.onNext(
          WorkRequest.newBuilder()
              .setReady(WorkReady.newBuilder().setQueue(queue).setCredits(credits))
              .build());
    }

    @Override
    public void onNext(WorkResponse response) {
      came.trySend(response);
    }

    @Override
    public void onError(Throwable broken) {
      ended.trySend((StatusRuntimeException) broken);
    }

    @Override
    public void onCompleted() {
      ended.trySend(Status.OK.asRuntimeException());
    }
  }

  @Test
  void aStreamEndsWhenNothingIsInHandAnyMore() throws Exception {
    Channel<String> called = Channel.buffered(10);
    Channel<Void> release = Channel.rendezvous();
    try (var target = holding(called, release)) {
      Pool.accepted("{'target':{'url':'%s'},'timeout':'10m'}".formatted(target.url("/held")));
      assertEquals("/held", called.receive()); // while it runs, acks are taken
      String id = Pool.accepted("{'queue':'" + queue + "'}");
      var busy = new Worker(2);
      LeasedJob job = busy.came.receive().getJob();
      assertEquals(id, job.getId());
      var idle = new Worker(1);

      pool.drain();

      assertDraining(idle.ended.receive());
      assertNull(busy.ended.tryReceive());
      busy.stream.onNext(
          WorkRequest.newBuilder()
              .setAck(AckRequest.newBuilder().setId(id).setLease(job.getLease()))
              .build());
      assertEquals(
          JobState.JOB_STATE_SUCCEEDED, busy.came.receive().getAnswer().getState(), "it is taken");
      assertDraining(busy.ended.receive());
      assertNull(idle.came.tryReceive());
      assertDraining(new Worker(1).ended.receive());
      release.close();
    }
  }

  private static void assertDraining(StatusRuntimeException ended) throws Exception {
    assertEquals(Status.Code.UNAVAILABLE, ended.getStatus().getCode(), ended::toString);
    assertEquals("DRAINING", PoolGrpcTest.detail(ended, ErrorInfo.class).getReason());
  }

  private static TargetServer holding(Channel<String> called, Channel<Void> release) {
    return new TargetServer((got, exchange) -> {
      called.trySend(got.uri().getPath());
      try {
        release.receiveOrNull();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      TargetServer.answer(exchange, 200);
    });
  }
}
