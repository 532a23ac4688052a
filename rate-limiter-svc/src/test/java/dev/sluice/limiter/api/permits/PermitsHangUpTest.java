package dev.sluice.limiter.api.permits;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.sluice.limiter.grpc.AcquireLeaseRequest;
import dev.sluice.limiter.grpc.PermitsGrpc;
import dev.sluice.limiter.grpc.PermitsGrpc.PermitsBlockingStub;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever hangs up while waiting gives its place back. */
@QuarkusTest
@TestProfile(PermitsProfile.class)
class PermitsHangUpTest {
  private static final long PATIENCE_NANOS = java.time.Duration.ofSeconds(60).toNanos();

  @GrpcClient("permits")
  PermitsBlockingStub permits;

  private final String key = "db:" + UUID.randomUUID();

  @ParameterizedTest
  @ValueSource(strings = {"FIN", "RST"})
  void whoClosesTheConnectionLeavesTheLine(String end) throws Exception {
    String location = holder();
    try (var waiter = waiter()) {
      awaitWaiting(1);
      waiter.setSoLinger(end.equals("RST"), 0);
    }
    awaitWaiting(0);
    isFreeAfter(location);
  }

  @Test
  void whoCancelsTheCallLeavesTheLine() {
    String location = holder();
    var pending =
        PermitsGrpc.newFutureStub(permits.getChannel())
            .acquireLease(
                AcquireLeaseRequest.newBuilder()
                    .setKey(key)
                    .setLimit(1)
                    .setWait(Duration.newBuilder().setSeconds(36_000))
                    .build());
    awaitWaiting(1);
    assertTrue(pending.cancel(true));
    awaitWaiting(0);
    isFreeAfter(location);
  }

  private void isFreeAfter(String location) {
    when().delete(location).then().statusCode(204);
    assertEquals(0, (int) when().get("/permits?key=" + key).path("out"));
  }

  private String holder() {
    return given()
        .contentType("application/json")
        .body(body("0s"))
        .post("/permits")
        .header("Location");
  }

  private Socket waiter() throws Exception {
    var socket = new Socket("localhost", RestAssured.port);
    OutputStream out = socket.getOutputStream();
    String body = body("10h");
    out.write(
        ("POST /permits HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return socket;
  }

  private void awaitWaiting(int waiting) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    int now = -1;
    while (now != waiting) {
      assertTrue(System.nanoTime() < end, now + " wait, not " + waiting);
      now = when().get("/permits?key=" + key).path("waiting");
    }
  }

  private String body(String wait) {
    return "{'key':'%s','limit':1,'wait':'%s'}".formatted(key, wait).replace('\'', '"');
  }
}
