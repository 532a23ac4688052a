package dev.sluice.mesh.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.rpc.ErrorInfo;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.grpc.MeshRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When there is no room for the state of another key. */
@QuarkusTest
@TestProfile(StoreFullTest.OneKey.class)
class StoreFullTest {

  /** And not one more. */
  public static final class OneKey implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.mesh.shards", "1", "sluice.mesh.workers", "1", "sluice.mesh.max-keys", "1");
    }
  }

  @GrpcClient("mesh")
  MeshBlockingStub mesh;

  @BeforeEach
  void fill() {
    request("count", "first").statusCode(200);
  }

  @Test
  void refusesANewKeyThatLeavesAStateAndServesTheOthers() {
    request("count", "second")
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "60")
        .body("type", equalTo("/problems/store-full"))
        .body("shard", equalTo(0))
        .body(
            "detail",
            equalTo(
                "no room for another key: the shard keeps the state of 1 keys, which is the most"));

    request("count", "first").statusCode(200);
    request("echo", "second").statusCode(200);
  }

  @Test
  void overGrpcItIsUnavailable() throws Exception {
    var refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> mesh.request(MeshRequest.newBuilder().setKey("second").setOp("count").build()));

    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
    assertEquals(
        "STORE_FULL",
        StatusProto.fromThrowable(refused).getDetails(0).unpack(ErrorInfo.class).getReason());
  }

  private static ValidatableResponse request(String op, String key) {
    return given()
        .contentType("application/json")
        .body("{\"op\":\"" + op + "\",\"key\":\"" + key + "\",\"wait\":\"30s\"}")
        .post("/requests")
        .then();
  }
}
