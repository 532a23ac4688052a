package dev.sluice.mesh.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.mesh.grpc.GetMeshRequest;
import dev.sluice.mesh.grpc.GetRequestRequest;
import dev.sluice.mesh.grpc.KillWorkerRequest;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.grpc.MeshReply;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.MeshView;
import dev.sluice.mesh.grpc.RequestState;
import dev.sluice.mesh.grpc.StallWorkerRequest;
import dev.sluice.mesh.grpc.WorkerState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The contract of {@code sluice.mesh.v1.Mesh}, but for its streams. */
@QuarkusTest
@Timeout(120)
class RequestGrpcTest {

  @GrpcClient("mesh")
  MeshBlockingStub mesh;

  private final String key = "acct:" + UUID.randomUUID();

  @Test
  void theOwnerReplies() {
    MeshReply reply = mesh.request(request("echo").setId(key).setPayload("{\"a\":1}").build());

    assertEquals(key, reply.getId());
    assertEquals(key, reply.getKey());
    assertEquals("{\"a\":1}", reply.getReply());
    assertTrue(reply.getWorker().startsWith("worker-"));
    assertTrue(reply.getEpoch() > 0);
  }

  @Test
  void theSameIdForSomethingElseIsAlreadyExists() {
    mesh.request(request("count").setId(key).build());

    assertStatus(Status.Code.ALREADY_EXISTS, key, request("echo").setId(key));
  }

  @Test
  void badInputIsInvalidArgumentThatNamesIt() {
    assertStatus(Status.Code.INVALID_ARGUMENT, "key", MeshRequest.newBuilder().setOp("echo"));
    assertStatus(Status.Code.INVALID_ARGUMENT, "acquire, count, dedup, echo", request("nosuch"));
    assertStatus(Status.Code.INVALID_ARGUMENT, "payload", request("echo").setPayload("{broken"));
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "wait",
        request("echo").setWait(Duration.newBuilder().setSeconds(31)));
  }

  @Test
  void aPayloadIsReadByTheSameRulesAsOverHttp() {
    assertEquals(
        "[1e5,1e99999999999]",
        mesh.request(request("echo").setPayload("[1e5, 1e99999999999]").build()).getReply());
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "payload.k: \"\\uD800\" is not allowed",
        request("echo").setPayload("{\"k\":\"\\ud800\"}"));
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "payload: asks for too much",
        request("echo").setPayload("[".repeat(5_000)));
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "payload: has more than one JSON value",
        request("echo").setPayload("1 2"));
  }

  @Test
  void aDurationThatIsNoneIsNamed() {
    for (var none :
        List.of(
            Duration.newBuilder().setSeconds(1).setNanos(-5).build(),
            Duration.newBuilder().setNanos(Integer.MAX_VALUE).build(),
            Duration.newBuilder().setSeconds(Long.MIN_VALUE).build())) {
      assertStatus(Status.Code.INVALID_ARGUMENT, "wait", request("echo").setWait(none));
    }
  }

  @Test
  void aWaitOfZeroAsksForAcceptanceOnly() {
    MeshReply accepted =
        mesh.request(request("count").setId(key).setWait(Duration.getDefaultInstance()).build());
    assertTrue(accepted.getInFlight());
    assertEquals("", accepted.getWorker());

    RequestState state = find(key);
    while (state.getOutcomeCase() == RequestState.OutcomeCase.OUTCOME_NOT_SET) {
      state = find(key);
    }
    assertEquals(key, state.getKey());
    assertEquals("count", state.getOp());
    assertEquals("{\"count\":1}", state.getReply().getReply());
    assertFalse(state.getReply().getInFlight());
  }

  @Test
  void aRequestThatEndedWithAProblemTellsItLater() throws Exception {
    assertStatus(
        Status.Code.INVALID_ARGUMENT,
        "op acquire cannot run this",
        request("acquire").setId(key).setPayload("7"));

    var problem = find(key).getProblem();
    assertEquals(Status.Code.INVALID_ARGUMENT.value(), problem.getCode());
    assertEquals("INVALID_INPUT", problem.getDetails(0).unpack(ErrorInfo.class).getReason());
  }

  @Test
  void aRequestThatIsNotThereIsNotFound() {
    assertRefused(Status.Code.NOT_FOUND, key, () -> find(key));
    assertRefused(Status.Code.INVALID_ARGUMENT, "id", () -> find(""));
  }

  @Test
  void showsTheMesh() {
    mesh.request(request("echo").build());

    MeshView view = mesh.getMesh(GetMeshRequest.getDefaultInstance());
    while (view.getRouters(0).getCounts().getAccepted() == 0) {
      view = mesh.getMesh(GetMeshRequest.getDefaultInstance());
    }
    assertEquals(32, view.getShardsCount());
    assertEquals(4, view.getWorkersCount());
    assertEquals("built-in", view.getGroups(0).getName());
    assertEquals(WorkerState.WORKER_STATE_LIVE, view.getWorkers(0).getState());
    assertFalse(view.getGathering());
  }

  @Test
  void chaosIsOffUnlessItIsSet() {
    assertRefused(
        Status.Code.NOT_FOUND,
        "sluice.mesh.chaos is off",
        () -> mesh.killWorker(KillWorkerRequest.newBuilder().setWorker("worker-0").build()));
    assertRefused(
        Status.Code.NOT_FOUND,
        "sluice.mesh.chaos is off",
        () -> mesh.stallWorker(StallWorkerRequest.getDefaultInstance()));
  }

  private RequestState find(String id) {
    return mesh.getRequest(GetRequestRequest.newBuilder().setId(id).build());
  }

  private MeshRequest.Builder request(String op) {
    return MeshRequest.newBuilder()
        .setKey(key)
        .setOp(op)
        .setWait(Duration.newBuilder().setSeconds(30));
  }

  private void assertStatus(Status.Code code, String named, MeshRequest.Builder request) {
    assertRefused(code, named, () -> mesh.request(request.build()));
  }

  static void assertRefused(Status.Code code, String named, Executable call) {
    var refused = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, refused.getStatus().getCode());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
  }
}
