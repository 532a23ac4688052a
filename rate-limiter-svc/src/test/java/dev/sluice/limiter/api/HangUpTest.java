package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.grpc.Limit;
import dev.sluice.limiter.grpc.RateLimiterGrpc;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever hangs up while waiting gives its place back. Permits take an hour to come, so nobody gets
 * one here; how many wait is seen by the time that somebody else is told to come back after.
 */
@QuarkusTest
@TestProfile(HangUpTest.LongWaits.class)
@Timeout(120)
class HangUpTest {

  /** Of hours. */
  public static final class LongWaits implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.limiter.max-wait", "10h", "sluice.limiter.max-waiters", "2");
    }
  }

  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  private final String key = "user:" + UUID.randomUUID();

  @ParameterizedTest
  @ValueSource(strings = {"FIN", "RST"})
  void whoClosesTheConnectionLeavesTheLine(String end) throws Exception {
    post("0s").statusCode(200);
    try (var first = waiter();
        var second = waiter()) {
      awaitHours(3);
      for (Socket each : new Socket[] {first, second}) {
        each.setSoLinger(end.equals("RST"), 0);
      }
    }
    awaitHours(1);
  }

  @Test
  void whoCancelsTheCallLeavesTheLine() {
    post("0s").statusCode(200);
    var pending = RateLimiterGrpc.newFutureStub(limiter.getChannel()).acquire(message());
    awaitHours(2);
    assertTrue(pending.cancel(true));
    awaitHours(1);
  }

  private Socket waiter() throws Exception {
    var socket = new Socket("localhost", RestAssured.port);
    OutputStream out = socket.getOutputStream();
    String body = body("10h");
    out.write(
        ("POST /acquire HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return socket;
  }

  /** Asks until it is told to come back after so many hours: one, and one for each who waits. */
  private void awaitHours(int hours) {
    while (hours() != hours) {
      Thread.onSpinWait();
    }
  }

  private int hours() {
    ValidatableResponse refused = post("0s");
    assertEquals(429, refused.extract().statusCode());
    return Math.ceilDiv(Integer.parseInt(refused.extract().header("Retry-After")), 3_600);
  }

  private ValidatableResponse post(String wait) {
    return given().contentType("application/json").body(body(wait)).post("/acquire").then();
  }

  private String body(String wait) {
    return "{'key':'%s','limit':{'rate':1,'per':'1h'},'wait':'%s'}"
        .formatted(key, wait)
        .replace('\'', '"');
  }

  private AcquireRequest message() {
    return AcquireRequest.newBuilder()
        .setKey(key)
        .setLimit(Limit.newBuilder().setRate(1).setPer(Duration.newBuilder().setSeconds(3_600)))
        .setWait(Duration.newBuilder().setSeconds(36_000))
        .build();
  }
}
