package dev.sluice.limiter.api.envoy;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Without rules nothing passes unseen. */
@QuarkusTest
class EnvoyOffTest {
  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  @Test
  void asksForTheSetting() {
    var refused =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                RateLimitServiceGrpc.newBlockingStub(limiter.getChannel())
                    .shouldRateLimit(RateLimitRequest.getDefaultInstance()));
    assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
    assertEquals(
        "no rate limit configuration loaded: sluice.limiter.envoy.config is not set",
        refused.getStatus().getDescription());

    get("/envoy").then().statusCode(404).body("type", equalTo("/problems/not-found"));
  }
}
