package dev.sluice.mesh.api;

import static dev.sluice.mesh.api.Calls.get;
import static dev.sluice.mesh.api.Calls.post;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Channel;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process of the mesh answers that is no router: a supervisor here, without members. */
@QuarkusTest
@TestProfile(OtherRolesTest.Supervisor.class)
@Timeout(120)
class OtherRolesTest {

  /** It launches nobody. */
  public static final class Supervisor implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.mesh.role", "supervisor", "sluice.mesh.workers", "0", "sluice.mesh.routers", "0");
    }
  }

  @GrpcClient("mesh")
  MeshBlockingStub mesh;

  @Test
  void requestsGoToARouter() {
    post("{'key':'k','op':'echo'}")
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("type", equalTo("/problems/other-role"))
        .body("role", equalTo("supervisor"))
        .body(
            "detail", equalTo("this process is a supervisor of the mesh: requests go to a router"));
    get("/requests/r-1").statusCode(503).body("role", equalTo("supervisor"));
    RequestGrpcTest.assertRefused(
        Status.Code.UNAVAILABLE,
        "supervisor of the mesh",
        () -> mesh.request(MeshRequest.newBuilder().setKey("k").setOp("echo").build()));
  }

  @Test
  void soDoPipelines() throws Exception {
    Channel<Status> ended = Channel.buffered(1);
    MeshGrpc.newStub(mesh.getChannel())
        .pipeline(
            new StreamObserver<PipelineResponse>() {
              @Override
              public void onNext(PipelineResponse response) {}

              @Override
              public void onError(Throwable failure) {
                ended.trySend(Status.fromThrowable(failure));
              }

              @Override
              public void onCompleted() {
                ended.trySend(Status.OK);
              }
            });
    assertEquals(Status.Code.UNAVAILABLE, ended.receive().getCode());
  }

  @Test
  void theMeshIsShownAndReadyOnceItHasGathered() {
    Calls.getUntil("/mesh", view -> Boolean.FALSE.equals(view.extract().path("gathering")))
        .body("workers", hasSize(0))
        .body("routers", hasSize(0));
    get("/q/health/ready").statusCode(200).body(containsString("gives shards"));
    get("/q/metrics").statusCode(200).body(containsString("sluice_mesh_gathering 0.0"));
  }
}
