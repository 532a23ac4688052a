package dev.sluice.dedup.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.dedup.grpc.DedupRequest;
import dev.sluice.dedup.grpc.DedupResponse;
import dev.sluice.dedup.grpc.DeduplicatorGrpc.DeduplicatorBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The contract of {@code sluice.dedup.v1.Deduplicator}. */
@QuarkusTest
class DedupGrpcTest {
  private static final Duration TEN_MINUTES = Duration.newBuilder().setSeconds(600).build();

  @GrpcClient("dedup")
  DeduplicatorBlockingStub deduplicator;

  private final String key = "evt-" + UUID.randomUUID();

  @Test
  void theFirstIsFirstAndTheOthersAreCounted() {
    DedupResponse first = deduplicator.dedup(request().build());
    DedupResponse second = deduplicator.dedup(request().build());

    assertTrue(first.getFirst());
    assertEquals(key, first.getKey());
    assertEquals(1, first.getSeen());
    assertEquals(first.getFirstSeenAt().getSeconds() + 600, first.getExpiresAt().getSeconds());
    assertEquals(first.getFirstSeenAt().getNanos(), first.getExpiresAt().getNanos());
    assertEquals(first.toBuilder().setFirst(false).setSeen(2).build(), second);
  }

  @Test
  void whoComesAfterTheWindowIsFirstAgain() {
    DedupRequest shortest = request().setTtl(Duration.newBuilder().setNanos(1)).build();

    assertTrue(deduplicator.dedup(shortest).getFirst());
    assertTrue(deduplicator.dedup(shortest).getFirst());
  }

  @Test
  void theSameKeyInTwoNamespacesIsTwo() {
    assertTrue(deduplicator.dedup(request().build()).getFirst());
    assertTrue(deduplicator.dedup(request().setNamespace("orders").build()).getFirst());
    assertFalse(deduplicator.dedup(request().setNamespace("default").build()).getFirst());
  }

  @Test
  void sharesTheKeysWithHttp() {
    RestAssured.given()
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\",\"ttl\":\"10m\"}")
        .post("/dedup")
        .then()
        .statusCode(200);

    assertEquals(2, deduplicator.dedup(request().build()).getSeen());
  }

  @Test
  void ofAHundredAtOnceExactlyOneIsFirst() throws Exception {
    Callable<DedupResponse> one = () -> deduplicator.dedup(request().build());
    List<DedupResponse> responses = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
      List<Future<DedupResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(callers.submit(one));
      }
      for (Future<DedupResponse> call : calls) {
        responses.add(call.get());
      }
    }
    assertEquals(1, responses.stream().filter(DedupResponse::getFirst).count());
    assertEquals(
        LongStream.rangeClosed(1, 100).boxed().toList(),
        responses.stream().map(DedupResponse::getSeen).sorted().toList());
  }

  @Test
  void badInputIsInvalidArgumentThatNamesIt() throws Exception {
    assertInvalid("key", DedupRequest.newBuilder().setTtl(TEN_MINUTES));
    assertInvalid("key", request().setKey("a\u0000b"));
    assertInvalid("key", request().setKey("k".repeat(257)));
    assertInvalid("key", request().setKey("k".repeat(10_000)));
    assertInvalid("namespace", request().setNamespace(""));
    assertInvalid("namespace", request().setNamespace("n".repeat(257)));
    assertInvalid("ttl", DedupRequest.newBuilder().setKey(key));
    assertInvalid("ttl", request().setTtl(Duration.getDefaultInstance()));
    assertInvalid("ttl", request().setTtl(duration(-1, 0)));
    assertInvalid("ttl", request().setTtl(duration(7 * 86_400, 1)));
    assertInvalid("ttl", request().setTtl(duration(1, -1)));
    assertInvalid("ttl", request().setTtl(duration(1, Integer.MAX_VALUE)));
    assertInvalid("ttl", request().setTtl(duration(Long.MAX_VALUE, Integer.MAX_VALUE)));
    assertInvalid("ttl", request().setTtl(duration(Long.MIN_VALUE, 0)));
  }

  @Test
  void aMessageOfTenMegabytesIsRefused() {
    var refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> deduplicator.dedup(request().setKey("k".repeat(10_000_000)).build()));

    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
  }

  private void assertInvalid(String named, DedupRequest.Builder request) throws Exception {
    var refused =
        assertThrows(StatusRuntimeException.class, () -> deduplicator.dedup(request.build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), named);
    assertEquals("INVALID_INPUT", GrpcDetails.of(refused, ErrorInfo.class).getReason());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
  }

  private DedupRequest.Builder request() {
    return DedupRequest.newBuilder().setKey(key).setTtl(TEN_MINUTES);
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
