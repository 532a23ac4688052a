package dev.sluice.mesh.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.sluice.mesh.grpc.GetMeshRequest;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.grpc.MeshReply;
import dev.sluice.mesh.grpc.MeshRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of {@code sluice.mesh.v1.Mesh}. */
@QuarkusTest
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
    assertStatus(Status.Code.INVALID_ARGUMENT, "count, echo", request("nosuch"));
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
  void showsTheMesh() {
    mesh.request(request("echo").build());

    var view = mesh.getMesh(GetMeshRequest.getDefaultInstance());

    assertEquals(32, view.getShardsCount());
    assertEquals(4, view.getWorkersCount());
    assertTrue(view.getAccepted() > 0);
  }

  private MeshRequest.Builder request(String op) {
    return MeshRequest.newBuilder()
        .setKey(key)
        .setOp(op)
        .setWait(Duration.newBuilder().setSeconds(30));
  }

  private void assertStatus(Status.Code code, String named, MeshRequest.Builder request) {
    var refused = assertThrows(StatusRuntimeException.class, () -> mesh.request(request.build()));
    assertEquals(code, refused.getStatus().getCode());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
  }
}
