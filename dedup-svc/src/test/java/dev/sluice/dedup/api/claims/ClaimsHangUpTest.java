package dev.sluice.dedup.api.claims;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.sluice.dedup.grpc.ClaimRequest;
import dev.sluice.dedup.grpc.ClaimsGrpc;
import dev.sluice.dedup.grpc.ClaimsGrpc.ClaimsBlockingStub;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever hangs up while waiting gives its place back. */
@QuarkusTest
@TestProfile(ClaimsProfile.class)
@Timeout(120)
class ClaimsHangUpTest {
  @GrpcClient("claims")
  ClaimsBlockingStub claims;

  private final String key = "pay-" + UUID.randomUUID();

  @ParameterizedTest
  @ValueSource(strings = {"FIN", "RST"})
  void whoClosesTheConnectionLeavesTheLine(String end) throws Exception {
    Response owner = claim();
    try (var waiter = waiter()) {
      awaitWaiting(1);
      waiter.setSoLinger(end.equals("RST"), 0);
    }
    awaitWaiting(0);
    isFreeAfter(owner);
  }

  @Test
  void whoCancelsTheCallLeavesTheLine() {
    Response owner = claim();
    var pending =
        ClaimsGrpc.newFutureStub(claims.getChannel())
            .claim(
                ClaimRequest.newBuilder()
                    .setKey(key)
                    .setWait(Duration.newBuilder().setSeconds(36_000))
                    .build());
    awaitWaiting(1);
    assertTrue(pending.cancel(true));
    awaitWaiting(0);
    isFreeAfter(owner);
  }

  private void isFreeAfter(Response owner) {
    when()
        .delete(owner.header("Location") + "?token=" + owner.path("token"))
        .then()
        .statusCode(204);
    claim().then().statusCode(201);
  }

  private Response claim() {
    return given().contentType("application/json").body(body("0s")).post("/claims");
  }

  private Socket waiter() throws Exception {
    var socket = new Socket("localhost", RestAssured.port);
    OutputStream out = socket.getOutputStream();
    String body = body("10h");
    out.write(
        ("POST /claims HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return socket;
  }

  private static void awaitWaiting(int waiting) {
    String line = "sluice_dedup_claims_waiting " + waiting + ".0";
    while (when().get("/q/metrics").asString().lines().noneMatch(line::equals)) {
      // not yet; the test's timeout ends this
    }
  }

  private String body(String wait) {
    return "{'key':'%s','lease':'1h','wait':'%s'}".formatted(key, wait).replace('\'', '"');
  }
}
