package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Duration;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.grpc.Limit;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When there is no room for another key. */
@QuarkusTest
@TestProfile(StoreFullTest.OneKey.class)
class StoreFullTest {

  /** And not one more. */
  public static final class OneKey implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.limiter.shards", "1", "sluice.limiter.max-keys", "1");
    }
  }

  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  @BeforeEach
  void fill() {
    acquire("first").statusCode(200);
  }

  @Test
  void refusesANewKeyAndServesTheKnownOne() {
    acquire("second")
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", Matchers.oneOf("0", "1"))
        .body("type", equalTo("/problems/store-full"))
        .body("detail", equalTo("no room for another key: all 1 entries of this shard are in use"));

    acquire("first").statusCode(200);
  }

  @Test
  void overGrpcItIsUnavailable() throws Exception {
    var refused =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                limiter.acquire(
                    AcquireRequest.newBuilder()
                        .setKey("second")
                        .setLimit(
                            Limit.newBuilder()
                                .setRate(100)
                                .setPer(Duration.newBuilder().setSeconds(360_000)))
                        .build()));

    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
    assertEquals(
        "STORE_FULL", LimiterGrpcTest.detail(refused, com.google.rpc.ErrorInfo.class).getReason());
  }

  private static ValidatableResponse acquire(String key) {
    return given()
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\",\"limit\":{\"rate\":100,\"per\":\"100h\"}}")
        .post("/acquire")
        .then();
  }
}
