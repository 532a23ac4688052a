package dev.sluice.dedup.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.csp.Channel;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.dedup.grpc.DeduplicatorGrpc.DeduplicatorBlockingStub;
import dev.sluice.dedup.process.Ask;
import dev.sluice.dedup.process.Decision;
import dev.sluice.dedup.process.DedupSettings;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.store.Fingerprint;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** When the service cannot answer now: its store or its inbox is full, or it stops. */
@QuarkusTest
@TestProfile(DedupUnavailableTest.Small.class)
@Timeout(60) // a process that does not answer would be waited for without end
class DedupUnavailableTest {

  /** One shard with room for three keys and one waiting request. */
  public static final class Small implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.dedup.shards", "1", "sluice.dedup.max-entries", "3", "sluice.dedup.inbox", "1");
    }
  }

  private static final Duration TTL = Duration.ofDays(7);
  private static final Ask FILLER = new Ask(DedupRequest.DEFAULT_NAMESPACE, "filler-0", TTL, false);

  @GrpcClient("dedup")
  DeduplicatorBlockingStub stub;

  @Inject Deduplicator deduplicator;
  @Inject Inputs inputs;

  @Test
  void aFullStoreRefusesNewKeysAndForgetsNone() throws Exception {
    int room = 0;
    while (post("filler-" + room).extract().statusCode() == 200) {
      room++;
    }
    assertEquals(3, room);

    post("another")
        .statusCode(503)
        .contentType("application/problem+json")
        .header(
            "Retry-After",
            Integer::valueOf,
            allOf(greaterThan(518_400), lessThanOrEqualTo(604_800)))
        .body("type", equalTo("/problems/store-full"))
        .body("status", equalTo(503))
        .body("detail", containsString("all 3 entries"))
        .body("instance", equalTo("/dedup"));
    assertUnavailable("STORE_FULL", Duration.ofDays(6));
    given()
        .contentType("application/json")
        .body("{\"ttl\":\"7d\",\"requests\":[{\"key\":\"filler-1\"},{\"key\":\"another\"}]}")
        .post("/dedup/batch")
        .then()
        .statusCode(200)
        .body("results[0].first", equalTo(false))
        .body("results[1].key", equalTo("another"))
        .body("results[1].problem.type", equalTo("/problems/store-full"))
        .body("results[1].problem.status", equalTo(503));
    post("filler-0").statusCode(200).body("first", equalTo(false));
  }

  @Test
  void aFullInboxIsAnsweredAtOnce() throws Exception {
    Channel<Void> held = Channel.rendezvous();
    Channel<Void> release = Channel.rendezvous();
    Reply<Decision> waiting;
    try {
      holdShard(held, release);
      waiting = deduplicator.see(FILLER);

      post("filler-0")
          .statusCode(503)
          .contentType("application/problem+json")
          .header("Retry-After", "1")
          .body("type", equalTo("/problems/overloaded"))
          .body("instance", equalTo("/dedup"));
      assertUnavailable("OVERLOADED", Duration.ZERO);
    } finally {
      release.close();
    }
    assertInstanceOf(Decision.Sighting.class, waiting.await());
    post("filler-0").statusCode(200);
  }

  @Test
  void whoStopsTakesNoMore() throws InterruptedException {
    try (var scope = Scope.open("stopping")) {
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
      var stopping =
          Deduplicator.start(
              scope,
              monitor,
              new DedupSettings(1, 1, TTL, Fingerprint.Secret.random()),
              (_, _) -> new MemorySeenStore(1));
      stopping.close();
      var dedup = new DedupOperation(stopping, inputs);
      var keys = new KeyOperation(stopping, inputs);
      var item = new DedupBatchRequest.Item("filler-0", TTL, null, null);

      assertDraining(() -> dedup.dedup(new DedupRequest("filler-0", TTL, null, null)));
      assertDraining(() -> dedup.dedup(new DedupBatchRequest(List.of(item), null, null, null)));
      assertDraining(() -> keys.peek(new KeyRequest("filler-0", null)));
      assertDraining(() -> keys.forget(new KeyRequest("filler-0", null)));
      assertDraining(() -> keys.count("default"));
    }
  }

  private static void assertDraining(Executable call) {
    var refused = assertThrows(ProblemException.class, call);
    assertEquals(ProblemType.DRAINING, refused.type());
    assertEquals(Duration.ofSeconds(1), refused.retryAfter());
  }

  /**
   * Stops the shard in the middle of its work: what is chained to a reply runs on the process that
   * gives it.
   */
  private void holdShard(Channel<Void> held, Channel<Void> release) throws InterruptedException {
    Thread here = Thread.currentThread();
    var tooLate = new boolean[1];
    do {
      tooLate[0] = false;
      deduplicator
          .see(FILLER)
          .stage()
          .thenRun(() -> {
            if (Thread.currentThread() == here) {
              tooLate[0] = true; // it was answered before this was chained to it
            } else {
              held.close();
              awaitEnd(release);
            }
          });
    } while (tooLate[0]);
    held.receiveOrNull();
  }

  private static void awaitEnd(Channel<Void> channel) {
    try {
      channel.receiveOrNull();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void assertUnavailable(String reason, Duration atLeast) throws Exception {
    var request =
        dev.sluice.dedup.grpc.DedupRequest.newBuilder()
            .setKey("another")
            .setTtl(com.google.protobuf.Duration.newBuilder().setSeconds(TTL.toSeconds()))
            .build();
    var refused = assertThrows(StatusRuntimeException.class, () -> stub.dedup(request));
    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
    assertEquals(reason, GrpcDetails.of(refused, ErrorInfo.class).getReason());
    long retryAfter = GrpcDetails.of(refused, RetryInfo.class).getRetryDelay().getSeconds();
    assertTrue(retryAfter > atLeast.toSeconds(), "retry after " + retryAfter + "s");
  }

  private static ValidatableResponse post(String key) {
    return given()
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\",\"ttl\":\"7d\"}")
        .post("/dedup")
        .then();
  }
}
