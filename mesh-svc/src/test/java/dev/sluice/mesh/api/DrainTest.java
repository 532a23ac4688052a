package dev.sluice.mesh.api;

import static dev.sluice.mesh.api.Calls.post;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.PipelineAnswer;
import dev.sluice.mesh.grpc.PipelineEntry;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import dev.sluice.mesh.process.Router;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract while the router stops: what it has accepted it answers, and it takes no more. */
@QuarkusTest
@TestProfile(DrainTest.OwnRouter.class)
@Timeout(120)
class DrainTest {

  /** So that no other test meets a router that is drained. */
  public static final class OwnRouter implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.mesh.workers", "3");
    }
  }

  @Inject Optional<Router> router;

  @GrpcClient("mesh")
  MeshBlockingStub mesh;

  /** All that comes; closed at the end. */
  private static final class Caller implements StreamObserver<PipelineResponse> {
    private final Channel<PipelineAnswer> came = Channel.buffered(20_000);
    private final Channel<Status> ended = Channel.buffered(1);

    @Override
    public void onNext(PipelineResponse response) {
      response.getAnswersList().forEach(came::trySend);
    }

    @Override
    public void onError(Throwable failure) {
      ended.trySend(Status.fromThrowable(failure));
      came.tryClose();
    }

    @Override
    public void onCompleted() {
      ended.trySend(Status.OK);
      came.tryClose();
    }
  }

  @Test
  void whatIsInFlightIsAnsweredAndMoreIsRefused() throws Exception {
    var caller = new Caller();
    StreamObserver<PipelineRequest> stream = MeshGrpc.newStub(mesh.getChannel()).pipeline(caller);
    var first = PipelineRequest.newBuilder();
    for (int i = 0; i < 1_000; i++) {
      first.addEntries(entry(i));
    }
    stream.onNext(first.build());
    PipelineAnswer answer = caller.came.receive();
    assertTrue(answer.hasReply(), answer::toString);

    router.orElseThrow().close();
    stream.onNext(PipelineRequest.newBuilder().addEntries(entry(1_000)).build());
    stream.onCompleted();

    int refused = 0;
    for (int i = 1; i <= 1_000; i++) {
      answer = caller.came.receive();
      if (!answer.hasReply()) {
        refused++;
        assertEquals(Status.Code.UNAVAILABLE.value(), answer.getProblem().getCode());
        assertEquals(
            "DRAINING", answer.getProblem().getDetails(0).unpack(ErrorInfo.class).getReason());
      }
    }
    assertTrue(refused >= 1);
    assertEquals(Status.Code.OK, caller.ended.receive().getCode());
    post("{'key':'k','op':'echo'}")
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("type", equalTo("/problems/draining"));
    Calls.get("/requests/r-1").statusCode(503).body("type", equalTo("/problems/draining"));
  }

  private static PipelineEntry entry(int number) {
    return PipelineEntry.newBuilder()
        .setNumber(number)
        .setRequest(
            MeshRequest.newBuilder()
                .setKey("k" + number % 10)
                .setOp("count")
                .setWait(Duration.newBuilder().setSeconds(30)))
        .build();
  }
}
