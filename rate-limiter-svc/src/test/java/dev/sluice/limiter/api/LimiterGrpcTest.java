package dev.sluice.limiter.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.limiter.grpc.AcquireBatchRequest;
import dev.sluice.limiter.grpc.AcquireBatchResponse;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.grpc.AcquireResponse;
import dev.sluice.limiter.grpc.BalanceRequest;
import dev.sluice.limiter.grpc.BalanceResponse;
import dev.sluice.limiter.grpc.Limit;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import dev.sluice.limiter.grpc.ResetRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of {@code sluice.limiter.v1.RateLimiter}. */
@QuarkusTest
class LimiterGrpcTest {
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

  @Test
  void takesABatchEachForItself() throws Exception {
    AcquireBatchResponse response =
        limiter.acquireBatch(
            AcquireBatchRequest.newBuilder()
                .addRequests(balance(3))
                .addRequests(balance(1))
                .addRequests(BalanceRequest.newBuilder().setKey(key).setPolicy("nosuch"))
                .build());

    assertFalse(response.getGranted());
    assertEquals(0, response.getResults(0).getGranted().getRemaining());
    com.google.rpc.Status refused = response.getResults(1).getRefused();
    assertEquals(Status.Code.RESOURCE_EXHAUSTED.value(), refused.getCode());
    assertEquals("RATE_LIMITED", refused.getDetails(0).unpack(ErrorInfo.class).getReason());
    assertEquals(
        Status.Code.INVALID_ARGUMENT.value(), response.getResults(2).getRefused().getCode());
    assertEquals(3, response.getResultsCount());
  }

  @Test
  void takesABatchTogetherOrNotAtAll() {
    var all = AcquireBatchRequest.newBuilder().setMode(AcquireBatchRequest.Mode.ALL);
    var two = all.clone().addRequests(balance(1)).addRequests(balance(2)).build();
    assertTrue(limiter.acquireBatch(two).getGranted());

    var refused = assertThrows(StatusRuntimeException.class, () -> limiter.acquireBatch(two));

    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    limiter.reset(reset());
    assertTrue(limiter.acquireBatch(two).getGranted(), "nothing was held back");
  }

  @Test
  void aBadBatchNamesTheRequest() {
    var batch =
        AcquireBatchRequest.newBuilder().addRequests(balance(1)).addRequests(balance(4)).build();
    var refused = assertThrows(StatusRuntimeException.class, () -> limiter.acquireBatch(batch));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertTrue(refused.getMessage().contains("requests[1].permits"), refused.getMessage());
    assertThrows(
        StatusRuntimeException.class,
        () -> limiter.acquireBatch(AcquireBatchRequest.getDefaultInstance()));
    assertThrows(
        StatusRuntimeException.class,
        () -> limiter.acquireBatch(batch.toBuilder().setModeValue(7).build()));
  }

  @Test
  void looksGivesBackAndResets() {
    limiter.acquire(request().setPermits(3).build());

    BalanceResponse seen = limiter.peek(balance(1).build());
    assertEquals(0, seen.getRemaining());
    assertEquals(1_199, seen.getRetryAfter().getSeconds());
    BalanceResponse released = limiter.release(balance(2).build());
    assertEquals(2, released.getPermits());
    assertEquals(2, released.getRemaining());
    assertEquals(3, limiter.reset(reset()).getRemaining());
    assertThrows(
        StatusRuntimeException.class,
        () -> limiter.peek(BalanceRequest.newBuilder().setKey(key).build()));
  }

  private BalanceRequest.Builder balance(long permits) {
    return BalanceRequest.newBuilder().setKey(key).setPermits(permits).setLimit(THREE_AN_HOUR);
  }

  private ResetRequest reset() {
    return ResetRequest.newBuilder().setKey(key).setLimit(THREE_AN_HOUR).build();
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
