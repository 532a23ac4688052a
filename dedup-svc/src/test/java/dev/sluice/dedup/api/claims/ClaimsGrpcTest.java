package dev.sluice.dedup.api.claims;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.dedup.grpc.AbortClaimRequest;
import dev.sluice.dedup.grpc.ClaimRequest;
import dev.sluice.dedup.grpc.Claimed;
import dev.sluice.dedup.grpc.ClaimsGrpc.ClaimsBlockingStub;
import dev.sluice.dedup.grpc.CompleteClaimRequest;
import dev.sluice.dedup.grpc.Completed;
import dev.sluice.dedup.grpc.Header;
import dev.sluice.dedup.grpc.RenewClaimRequest;
import dev.sluice.dedup.grpc.RenewClaimResponse;
import dev.sluice.dedup.grpc.StoredResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The contract of {@code sluice.dedup.v1.Claims}. */
@QuarkusTest
@TestProfile(ClaimsProfile.class)
@Timeout(120)
class ClaimsGrpcTest {
  private static final StoredResponse RESPONSE =
      StoredResponse.newBuilder()
          .setStatus(201)
          .addHeaders(Header.newBuilder().setName("X-B").setValue("2"))
          .addHeaders(Header.newBuilder().setName("X-A").setValue("é"))
          .addHeaders(Header.newBuilder().setName("X-B").setValue("1"))
          .setBinary(ByteString.copyFrom(new byte[] {0, -1, 65}))
          .build();

  @GrpcClient("claims")
  ClaimsBlockingStub claims;

  private final String key = "pay-" + UUID.randomUUID();

  @Test
  void claimsRenewsCompletesAndReplays() throws Exception {
    Claimed claimed = claim(request().setLease(seconds(60)).setTtl(seconds(3600)));
    assertEquals(32, claimed.getToken().length());
    assertTrue(claimed.getFence() > 0);
    assertEquals(
        3540, Timestamps.between(claimed.getLeaseExpiresAt(), claimed.getExpiresAt()).getSeconds());
    StatusRuntimeException inProgress =
        fails(Status.Code.ABORTED, "CLAIM_IN_PROGRESS", () -> claims.claim(request().build()));
    long retry = detail(inProgress, RetryInfo.class).getRetryDelay().getSeconds();
    assertTrue(retry > 0 && retry <= 60, "retry after " + retry + "s");

    RenewClaimResponse renewed = claims.renewClaim(renewal(claimed).setLease(seconds(600)).build());
    assertEquals(claimed.getFence(), renewed.getFence());
    assertEquals(claimed.getExpiresAt(), renewed.getExpiresAt());
    assertTrue(
        Timestamps.between(claimed.getLeaseExpiresAt(), renewed.getLeaseExpiresAt()).getSeconds()
            >= 539);

    assertEquals(
        claimed.getExpiresAt(), claims.completeClaim(completion(claimed).build()).getExpiresAt());
    Completed replay = claims.claim(request().build()).getCompleted();
    assertEquals(RESPONSE, replay.getResponse());
    assertEquals(claimed.getExpiresAt(), replay.getExpiresAt());
    lost(() -> claims.abortClaim(abort(claimed)));
  }

  @Test
  void textComesBackAsText() throws Exception {
    Claimed claimed = claim(request());
    StoredResponse text = RESPONSE.toBuilder().setText("é🦀").build();
    claims.completeClaim(completion(claimed).setResponse(text).build());
    assertEquals(text, claims.claim(request().build()).getCompleted().getResponse());
  }

  @Test
  void sharesTheClaimsWithHttp() {
    Claimed claimed = claim(request().setFingerprint("a"));
    given()
        .contentType("application/json")
        .body(
            "{\"token\":\""
                + claimed.getToken()
                + "\",\"response\":{\"status\":200,\"body\":\"x\"}}")
        .put("/claims/" + claimed.getId())
        .then()
        .statusCode(200);
    StoredResponse stored = claims.claim(request().build()).getCompleted().getResponse();
    assertEquals("x", stored.getText());
  }

  @Test
  void anotherFingerprintIsAFailedPrecondition() throws Exception {
    claim(request().setFingerprint("a"));
    fails(
        Status.Code.FAILED_PRECONDITION,
        "CLAIM_MISMATCH",
        () -> claims.claim(request().setFingerprint("b").build()));
  }

  @Test
  void anAbortedKeyIsTheNextOnesAndTheTokenOfTheFirstIsLost() throws Exception {
    Claimed first = claim(request());
    claims.abortClaim(abort(first));
    Claimed next = claim(request());
    assertTrue(next.getFence() > first.getFence());
    lost(() -> claims.abortClaim(abort(first)));
    lost(() -> claims.renewClaim(renewal(first).build()));
    lost(() -> claims.completeClaim(completion(first).build()));
    lost(() -> claims.renewClaim(renewal(next).setToken("").build()));
  }

  @Test
  void whoWaitsHasTheKeyWhenTheLeaseEnds() {
    Claimed first = claim(request().setLease(Duration.newBuilder().setNanos(300_000_000)));
    Claimed next = claim(request().setWait(seconds(3600)));
    assertTrue(next.getFence() > first.getFence());
  }

  @Test
  void badInputIsInvalidArgumentThatNamesIt() throws Exception {
    invalid("key", () -> claims.claim(ClaimRequest.getDefaultInstance()));
    invalid("namespace", () -> claims.claim(request().setNamespace("").build()));
    invalid("lease", () -> claims.claim(request().setLease(seconds(3601)).build()));
    invalid("lease", () -> claims.claim(request().setLease(seconds(-1)).build()));
    invalid("ttl", () -> claims.claim(request().setTtl(seconds(0)).build()));
    invalid("wait", () -> claims.claim(request().setWait(seconds(Long.MAX_VALUE)).build()));
    invalid("fingerprint", () -> claims.claim(request().setFingerprint("").build()));
    Claimed claimed = claim(request());
    invalid("response", () -> claims.completeClaim(completion(claimed).clearResponse().build()));
    invalid(
        "response.status",
        () ->
            claims.completeClaim(
                completion(claimed).setResponse(StoredResponse.getDefaultInstance()).build()));
    invalid("lease", () -> claims.renewClaim(renewal(claimed).setLease(seconds(0)).build()));
    fails(
        Status.Code.NOT_FOUND,
        "NOT_FOUND",
        () -> claims.abortClaim(AbortClaimRequest.getDefaultInstance()));
    fails(
        Status.Code.NOT_FOUND,
        "NOT_FOUND",
        () -> claims.renewClaim(RenewClaimRequest.getDefaultInstance()));
  }

  private Claimed claim(ClaimRequest.Builder request) {
    var response = claims.claim(request.build());
    assertTrue(response.hasClaimed(), response.toString());
    return response.getClaimed();
  }

  private ClaimRequest.Builder request() {
    return ClaimRequest.newBuilder().setKey(key);
  }

  private static CompleteClaimRequest.Builder completion(Claimed claimed) {
    return CompleteClaimRequest.newBuilder()
        .setId(claimed.getId())
        .setToken(claimed.getToken())
        .setResponse(RESPONSE);
  }

  private static RenewClaimRequest.Builder renewal(Claimed claimed) {
    return RenewClaimRequest.newBuilder().setId(claimed.getId()).setToken(claimed.getToken());
  }

  private static AbortClaimRequest abort(Claimed claimed) {
    return AbortClaimRequest.newBuilder()
        .setId(claimed.getId())
        .setToken(claimed.getToken())
        .build();
  }

  private static void invalid(String named, Executable call) throws Exception {
    StatusRuntimeException refused = fails(Status.Code.INVALID_ARGUMENT, "INVALID_INPUT", call);
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
  }

  private static void lost(Executable call) throws Exception {
    fails(Status.Code.ABORTED, "CLAIM_LOST", call);
  }

  private static StatusRuntimeException fails(Status.Code code, String reason, Executable call)
      throws Exception {
    var failure = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, failure.getStatus().getCode(), failure.getMessage());
    assertEquals(reason, detail(failure, ErrorInfo.class).getReason());
    return failure;
  }

  private static <T extends Message> T detail(StatusRuntimeException failure, Class<T> type)
      throws Exception {
    for (var each : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (each.is(type)) {
        return each.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + failure);
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }
}
