package dev.sluice.limiter.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.grpc.AcquireResponse;
import dev.sluice.limiter.grpc.Limit;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of {@code sluice.limiter.v1.RateLimiter}. */
@QuarkusTest
class AcquireGrpcTest {
  private static final Limit THREE_AN_HOUR = limit(3, 3600);

  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  private final String key = "user:" + UUID.randomUUID();

  @Test
  void grantsWithWhatIsLeft() {
    AcquireResponse response = limiter.acquire(request().setPermits(2).build());

    assertEquals(key, response.getKey());
    assertEquals(2, response.getPermits());
    assertEquals(3, response.getLimit());
    assertEquals(1, response.getRemaining());
    assertEquals(Duration.getDefaultInstance(), response.getWaited());
    assertEquals(2400, response.getResetAfter().getSeconds());
  }

  @Test
  void sharesTheBucketsWithHttp() {
    io.restassured.RestAssured.given()
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\",\"limit\":{\"rate\":3,\"per\":\"1h\"}}")
        .post("/acquire")
        .then()
        .statusCode(200);

    assertEquals(1, limiter.acquire(request().build()).getRemaining());
  }

  @Test
  void refusesWithResourceExhaustedAndTheTimeToTryAgain() throws Exception {
    limiter.acquire(request().setPermits(3).build());

    var refused =
        assertThrows(StatusRuntimeException.class, () -> limiter.acquire(request().build()));

    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    assertEquals("RATE_LIMITED", detail(refused, ErrorInfo.class).getReason());
    long retry = detail(refused, RetryInfo.class).getRetryDelay().getSeconds();
    assertTrue(retry > 1100 && retry <= 1200, "retry after " + retry + "s");
  }

  @Test
  void takesAPolicyByName() {
    assertEquals(
        9,
        limiter
            .acquire(AcquireRequest.newBuilder().setKey(key).setPolicy("trial").build())
            .getRemaining());
  }

  @Test
  void badInputIsInvalidArgumentThatNamesIt() throws Exception {
    assertInvalid("key", AcquireRequest.newBuilder().setLimit(THREE_AN_HOUR));
    assertInvalid("key", request().setKey("k".repeat(10_000)));
    assertInvalid("limit: is required, or policy", AcquireRequest.newBuilder().setKey(key));
    assertInvalid("trial", AcquireRequest.newBuilder().setKey(key).setPolicy("nosuch"));
    assertInvalid("permits", request().setPermits(0));
    assertInvalid("permits", request().setPermits(4));
    assertInvalid("limit.rate", request().setLimit(limit(0, 1)));
    assertInvalid("limit.per", request().setLimit(limit(1, 0)));
    assertInvalid("limit.per", request().setLimit(limit(1, Long.MAX_VALUE)));
    assertInvalid(
        "wait: -1s is not allowed, must be from 0s to 10s",
        request().setWait(Duration.newBuilder().setSeconds(-1)));
    assertInvalid("limit.per: is required", request().setLimit(Limit.newBuilder().setRate(1)));
    assertInvalid("limit.per", request().setLimit(limit(1, Long.MIN_VALUE)));
    assertInvalid("wait", request().setWait(Duration.newBuilder().setSeconds(1).setNanos(-5)));
    assertInvalid("wait", request().setWait(Duration.newBuilder().setNanos(Integer.MAX_VALUE)));
    assertInvalid("wait", request().setWait(Duration.newBuilder().setSeconds(Long.MAX_VALUE)));
  }

  private void assertInvalid(String named, AcquireRequest.Builder request) throws Exception {
    var refused =
        assertThrows(StatusRuntimeException.class, () -> limiter.acquire(request.build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), named);
    assertEquals("INVALID_INPUT", detail(refused, ErrorInfo.class).getReason());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
  }

  private AcquireRequest.Builder request() {
    return AcquireRequest.newBuilder().setKey(key).setLimit(THREE_AN_HOUR);
  }

  private static Limit limit(long rate, long perSeconds) {
    return Limit.newBuilder()
        .setRate(rate)
        .setPer(Duration.newBuilder().setSeconds(perSeconds))
        .build();
  }

  static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException failure, Class<T> type) throws Exception {
    for (var each : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (each.is(type)) {
        return each.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + failure);
  }
}
