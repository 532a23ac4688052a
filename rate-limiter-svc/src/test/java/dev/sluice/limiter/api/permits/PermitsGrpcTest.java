package dev.sluice.limiter.api.permits;

import static io.restassured.RestAssured.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.limiter.grpc.AcquireLeaseRequest;
import dev.sluice.limiter.grpc.AcquireLeaseResponse;
import dev.sluice.limiter.grpc.ListLeasesRequest;
import dev.sluice.limiter.grpc.ListLeasesResponse;
import dev.sluice.limiter.grpc.PermitsGrpc.PermitsBlockingStub;
import dev.sluice.limiter.grpc.ReleaseLeaseRequest;
import dev.sluice.limiter.grpc.RenewLeaseRequest;
import dev.sluice.limiter.grpc.RenewLeaseResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The contract of {@code sluice.limiter.v1.Permits}. */
@QuarkusTest
@TestProfile(PermitsProfile.class)
class PermitsGrpcTest {
  @GrpcClient("permits")
  PermitsBlockingStub permits;

  private final String key = "db:" + UUID.randomUUID();

  @Test
  void grantsRenewsListsAndReleases() throws Exception {
    AcquireLeaseResponse granted =
        permits.acquireLease(request().setPermits(2).setHolder("me").setTtl(seconds(60)).build());
    assertEquals(key, granted.getKey());
    assertEquals(2, granted.getPermits());
    assertEquals(3, granted.getLimit());
    assertEquals(1, granted.getRemaining());
    assertTrue(granted.getFence() > 0);
    assertEquals(Duration.getDefaultInstance(), granted.getWaited());

    RenewLeaseResponse renewed =
        permits.renewLease(
            RenewLeaseRequest.newBuilder()
                .setLease(granted.getLease())
                .setTtl(seconds(600))
                .build());
    assertEquals(granted.getLease(), renewed.getLease());
    assertEquals(granted.getFence(), renewed.getFence());
    assertEquals(2, renewed.getPermits());
    assertTrue(
        Timestamps.between(granted.getExpiresAt(), renewed.getExpiresAt()).getSeconds() >= 539);

    ListLeasesResponse listed =
        permits.listLeases(ListLeasesRequest.newBuilder().setKey(key).setLimit(3).build());
    assertEquals(2, listed.getOut());
    assertEquals(1, listed.getRemaining());
    assertEquals(1, listed.getLeases());
    assertEquals("me", listed.getHolders(0).getHolder());
    assertEquals(renewed.getExpiresAt(), listed.getHolders(0).getExpiresAt());
    assertFalse(
        permits.listLeases(ListLeasesRequest.newBuilder().setKey(key).build()).hasRemaining());

    var release = ReleaseLeaseRequest.newBuilder().setLease(granted.getLease()).build();
    permits.releaseLease(release);
    StatusRuntimeException again =
        fails(Status.Code.NOT_FOUND, "NOT_FOUND", () -> permits.releaseLease(release));
    assertTrue(again.getMessage().contains("it never was, or has ended"), again.getMessage());
    fails(
        Status.Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            permits.renewLease(
                RenewLeaseRequest.newBuilder().setLease(granted.getLease()).build()));
  }

  @Test
  void sharesTheLeasesWithHttp() {
    AcquireLeaseResponse granted = permits.acquireLease(request().build());

    when().delete("/permits/" + granted.getLease()).then().statusCode(204);

    assertEquals(2, permits.acquireLease(request().build()).getRemaining());
  }

  @Test
  void refusesWithResourceExhaustedAndTheNextExpiry() throws Exception {
    permits.acquireLease(request().setPermits(3).setTtl(seconds(3600)).build());

    StatusRuntimeException refused =
        fails(
            Status.Code.RESOURCE_EXHAUSTED,
            "RATE_LIMITED",
            () -> permits.acquireLease(request().build()));

    long retry = detail(refused, RetryInfo.class).getRetryDelay().getSeconds();
    assertTrue(retry > 3500 && retry <= 3600, "retry after " + retry + "s");
  }

  @Test
  void takesAPolicyByName() {
    var request = AcquireLeaseRequest.newBuilder().setKey(key).setPolicy("db").build();
    assertEquals(1, permits.acquireLease(request).getRemaining());
    assertEquals(
        2,
        permits
            .listLeases(ListLeasesRequest.newBuilder().setKey(key).setPolicy("db").build())
            .getLimit());
  }

  @Test
  void badInputIsInvalidArgumentThatNamesIt() throws Exception {
    assertInvalid("key", AcquireLeaseRequest.newBuilder().setLimit(1));
    assertInvalid("limit: is required, or policy", AcquireLeaseRequest.newBuilder().setKey(key));
    assertInvalid("limit", request().setLimit(0));
    assertInvalid("permits", request().setPermits(4));
    assertInvalid("ttl", request().setTtl(seconds(3601)));
    assertInvalid("ttl", request().setTtl(seconds(-1)));
    assertInvalid("ttl", request().setTtl(Duration.newBuilder().setNanos(Integer.MAX_VALUE)));
    assertInvalid("wait", request().setWait(seconds(Long.MAX_VALUE)));
    assertInvalid("holder", request().setHolder(""));
    assertInvalid("policy", request().setPolicy("nosuch"));
    fails(
        Status.Code.INVALID_ARGUMENT,
        "INVALID_INPUT",
        () -> permits.listLeases(ListLeasesRequest.getDefaultInstance()));
    fails(
        Status.Code.NOT_FOUND,
        "NOT_FOUND",
        () -> permits.renewLease(RenewLeaseRequest.getDefaultInstance()));
  }

  private void assertInvalid(String named, AcquireLeaseRequest.Builder request) throws Exception {
    StatusRuntimeException refused =
        fails(
            Status.Code.INVALID_ARGUMENT,
            "INVALID_INPUT",
            () -> permits.acquireLease(request.build()));
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
  }

  private static StatusRuntimeException fails(Status.Code code, String reason, Executable call)
      throws Exception {
    var failure = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, failure.getStatus().getCode(), failure.getMessage());
    assertEquals(reason, detail(failure, ErrorInfo.class).getReason());
    return failure;
  }

  private static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException failure, Class<T> type) throws Exception {
    for (var each : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (each.is(type)) {
        return each.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + failure);
  }

  private AcquireLeaseRequest.Builder request() {
    return AcquireLeaseRequest.newBuilder().setKey(key).setLimit(3);
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }
}
