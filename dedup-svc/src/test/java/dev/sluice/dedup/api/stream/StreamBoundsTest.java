package dev.sluice.dedup.api.stream;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.dedup.grpc.DedupStreamRequest;
import dev.sluice.dedup.grpc.DedupStreamResponse;
import dev.sluice.dedup.grpc.DeduplicatorGrpc;
import dev.sluice.dedup.grpc.DeduplicatorGrpc.DeduplicatorBlockingStub;
import dev.sluice.store.testing.Patience;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What holds a stream to its bounds, and what becomes of open streams when the service stops. */
@QuarkusTest
@TestProfile(StreamBoundsTest.Small.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class StreamBoundsTest {

  /** Of everything little. */
  public static final class Small implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.dedup.max-entries", "10",
          "sluice.dedup.shards", "1",
          "sluice.dedup.stream.max-streams", "2",
          "sluice.dedup.stream.idle", "10s",
          "sluice.dedup.stream.max-line", "100",
          "sluice.dedup.stream.max-pending", "3");
    }
  }

  @GrpcClient("dedup")
  DeduplicatorBlockingStub deduplicator;

  @Inject Event<ShutdownDelayInitiatedEvent> shutdown;

  @Test
  @Order(1)
  void aFullStoreStopsTheStreamAndNamesWhatIsNotDecided() throws IOException {
    try (var call = new StreamCall("ttl=1m&namespace=full")) {
      call.send(
          String.join("\n", IntStream.rangeClosed(1, 10).mapToObj(i -> "k" + i).toList()) + "\n");
      for (int i = 1; i <= 10; i++) {
        assertEquals("k" + i, call.line());
      }
      call.send("k1\nk11\nk2\nk12\n");
      var problem = JsonPath.from(call.line()).setRootPath("problem");
      assertEquals("/problems/store-full", problem.getString("type"));
      assertEquals(List.of(12, 14), problem.getList("undecided"));
      assertEquals(14, problem.getInt("lines"));
      assertNull(call.line());
      assertEquals("/problems/store-full", call.field("sluice-problem"));
    }
  }

  @Test
  @Order(2)
  void noMoreStreamsAreOpenedThanMayBe() throws IOException {
    String debounce = "mode=debounce-trailing&quiet=1h";
    try (var one = new StreamCall(debounce);
        var two = new StreamCall(debounce)) {
      one.send("a\n");
      two.send("a\n");
      assertEquals(200, one.status());
      assertEquals(200, two.status());
      try (var three = new StreamCall(debounce)) {
        assertEquals(503, three.status());
        assertEquals("1", three.field("retry-after"));
        assertTrue(new String(three.rest(), UTF_8).contains("/problems/overloaded"));
      }
      one.end();
      assertEquals(List.of("a"), one.lines());
      try (var three = new StreamCall(debounce)) {
        assertEquals(200, three.status());
      }
    }
  }

  @Test
  @Order(2)
  void aCallOfGrpcHasAPlaceBeforeItsFirstMessage() throws IOException {
    var caller = new Silent();
    DeduplicatorGrpc.newStub(deduplicator.getChannel()).dedupStream(caller);
    try (var other = new StreamCall("mode=debounce-trailing&quiet=1h")) {
      other.send("a\n");
      assertEquals(200, other.status());
      Patience.until("both places are taken", () -> openStreams().endsWith(" 2.0"));
      var refused = new Silent();
      DeduplicatorGrpc.newStub(deduplicator.getChannel()).dedupStream(refused);
      assertEquals(Status.Code.UNAVAILABLE, Status.fromThrowable(refused.end.join()).getCode());
      caller.requests().cancel("enough", null);
      Patience.until("a place is free", () -> openStreams().endsWith(" 1.0"));
    }
  }

  private static String openStreams() {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("sluice_dedup_channel_depth{"))
        .filter(line -> line.contains("channel=\"streams\""))
        .findFirst()
        .orElseThrow();
  }

  /** A call that sends nothing. */
  private static final class Silent
      implements ClientResponseObserver<DedupStreamRequest, DedupStreamResponse> {
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<DedupStreamRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<DedupStreamRequest> stream) {
      requests = stream;
    }

    ClientCallStreamObserver<DedupStreamRequest> requests() {
      return Objects.requireNonNull(requests);
    }

    @Override
    public void onNext(DedupStreamResponse answer) {
      end.complete(new AssertionError("answered: " + answer));
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(failure);
    }

    @Override
    public void onCompleted() {
      end.complete(new AssertionError("ended well"));
    }
  }

  @Test
  @Order(3)
  void aStreamOnWhichNothingHappensIsEnded() throws IOException {
    try (var call = new StreamCall("ttl=1m")) {
      var problem = JsonPath.from(call.line()).setRootPath("problem");
      assertEquals("/problems/body-not-in-time", problem.getString("type"));
      assertNull(call.line());
    }
  }

  @Test
  @Order(4)
  void aFullDebouncerReadsOnWhenABurstIsOver() throws IOException {
    try (var call = new StreamCall("mode=debounce-trailing&quiet=200ms")) {
      call.send("a\nb\nc\nd\ne\n");
      assertEquals(
          List.of("a", "b", "c", "d", "e"),
          IntStream.range(0, 5).mapToObj(_ -> next(call)).toList());
      call.end();
      assertNull(call.line());
    }
  }

  private static String next(StreamCall call) {
    try {
      return String.valueOf(call.line());
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /** The last, for the service takes nothing after it. */
  @Test
  @Order(5)
  void whenTheServiceStopsWhatWasReadIsAnsweredAndTheSenderIsToldWhereToGoOn() throws IOException {
    try (var call = new StreamCall("mode=debounce-trailing&quiet=1h")) {
      call.send("a\na\nb\nunfinish");
      assertEquals(200, call.status());
      call.socket().setSoTimeout(500);
      assertThrows(SocketTimeoutException.class, call::line, "nothing passes yet");
      call.socket().setSoTimeout(60_000);
      shutdown.fire(new ShutdownDelayInitiatedEvent());
      assertEquals("a", call.line());
      assertEquals("b", call.line());
      var problem = JsonPath.from(call.line()).setRootPath("problem");
      assertEquals("/problems/draining", problem.getString("type"));
      assertEquals(3, problem.getInt("lines"));
      assertNull(call.line());
    }
    try (var call = new StreamCall("ttl=1m")) {
      assertEquals(503, call.status());
      assertTrue(new String(call.rest(), UTF_8).contains("/problems/draining"));
    }
  }
}
