package dev.sluice.dedup.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.dedup.grpc.CountRequest;
import dev.sluice.dedup.grpc.DedupBatchItem;
import dev.sluice.dedup.grpc.DedupBatchRequest;
import dev.sluice.dedup.grpc.DedupBatchResponse;
import dev.sluice.dedup.grpc.DedupRequest;
import dev.sluice.dedup.grpc.DedupResponse;
import dev.sluice.dedup.grpc.DeduplicatorGrpc.DeduplicatorBlockingStub;
import dev.sluice.dedup.grpc.ForgetRequest;
import dev.sluice.dedup.grpc.PeekRequest;
import dev.sluice.dedup.grpc.PeekResponse;
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
import org.junit.jupiter.api.function.Executable;

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
    assertInvalid("key", request().setKey("k".repeat(1025)));
    assertInvalid("key", request().setKey("k".repeat(10_000)));
    assertInvalid("namespace", request().setNamespace(""));
    assertInvalid("namespace", request().setNamespace("n".repeat(1025)));
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
  void whoExtendsMakesTheWindowLastItsTtlFromNow() {
    DedupResponse first = deduplicator.dedup(request().setExtend(true).build());
    DedupResponse second =
        deduplicator.dedup(request().setTtl(duration(1_200, 0)).setExtend(true).build());

    assertEquals(first.getFirstSeenAt(), second.getFirstSeenAt());
    assertTrue(second.getExpiresAt().getSeconds() >= first.getFirstSeenAt().getSeconds() + 1_200);
  }

  @Test
  void takesABatchWithWhatIsSaidOfAll() {
    DedupBatchResponse response =
        deduplicator.dedupBatch(
            DedupBatchRequest.newBuilder()
                .setTtl(TEN_MINUTES)
                .setNamespace("batch-" + key)
                .addRequests(item("a"))
                .addRequests(item("b"))
                .addRequests(item("a").setTtl(duration(1, 0)))
                .addRequests(item("a").setNamespace("other-" + key).setTtl(duration(1, 0)))
                .build());

    assertEquals(
        List.of(1L, 1L, 2L, 1L),
        response.getResultsList().stream().map(each -> each.getSeen().getSeen()).toList());
    assertEquals("b", response.getResults(1).getSeen().getKey());
    assertEquals(2, count("batch-" + key));
  }

  @Test
  void aBatchThatIsNotValidNamesThePlaceAndSeesNone() throws Exception {
    assertInvalidBatch("requests: has 0 items", DedupBatchRequest.newBuilder());
    assertInvalidBatch("requests[0].ttl", batch().addRequests(item("a")));
    assertInvalidBatch(
        "requests[1].key",
        batch().setTtl(TEN_MINUTES).addRequests(item("a")).addRequests(item("")));
    assertInvalidBatch(
        "requests[1].ttl",
        batch()
            .setTtl(TEN_MINUTES)
            .addRequests(item("a"))
            .addRequests(item("b").setTtl(duration(1, -1))));
    assertInvalidBatch(
        "requests[0].namespace",
        batch().setTtl(TEN_MINUTES).addRequests(item("a").setNamespace("")));
    assertInvalidBatch("ttl", batch().setTtl(duration(0, 0)).addRequests(item("a")));
    assertInvalidBatch(
        "namespace", batch().setTtl(TEN_MINUTES).setNamespace("").addRequests(item("a")));
    assertEquals(0, count("bad-" + key));
  }

  @Test
  void peekTellsAndForgetForgets() throws Exception {
    DedupResponse first = deduplicator.dedup(request().build());
    PeekRequest peek = PeekRequest.newBuilder().setKey(key).build();

    PeekResponse known = deduplicator.peek(peek);
    assertEquals(key, known.getKey());
    assertEquals(1, known.getSeen());
    assertEquals(first.getFirstSeenAt(), known.getFirstSeenAt());
    assertEquals(first.getExpiresAt(), known.getExpiresAt());

    ForgetRequest forget = ForgetRequest.newBuilder().setKey(key).build();
    deduplicator.forget(forget);
    assertNotFound(() -> deduplicator.forget(forget));
    assertNotFound(() -> deduplicator.peek(peek));
    assertNotFound(() -> deduplicator.peek(peek.toBuilder().setNamespace("other").build()));
    assertTrue(deduplicator.dedup(request().build()).getFirst());
    assertInvalid("key", () -> deduplicator.peek(PeekRequest.getDefaultInstance()));
    assertInvalid("key", () -> deduplicator.forget(ForgetRequest.getDefaultInstance()));
  }

  @Test
  void countsANamespace() throws Exception {
    deduplicator.dedup(request().setNamespace("count-" + key).build());

    assertEquals(1, count("count-" + key));
    assertEquals(0, count("nosuch-" + key));
    assertEquals("default", deduplicator.count(CountRequest.getDefaultInstance()).getNamespace());
    assertInvalid("namespace", () -> count("a\u0000b"));
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
    assertInvalid(named, () -> deduplicator.dedup(request.build()));
  }

  private void assertInvalidBatch(String named, DedupBatchRequest.Builder batch) throws Exception {
    assertInvalid(named, () -> deduplicator.dedupBatch(batch.build()));
  }

  private static void assertInvalid(String named, Executable call) throws Exception {
    var refused = assertThrows(StatusRuntimeException.class, call);
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), named);
    assertEquals("INVALID_INPUT", GrpcDetails.of(refused, ErrorInfo.class).getReason());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
  }

  private static void assertNotFound(Executable call) throws Exception {
    var refused = assertThrows(StatusRuntimeException.class, call);
    assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
    assertEquals("NOT_FOUND", GrpcDetails.of(refused, ErrorInfo.class).getReason());
  }

  private long count(String namespace) {
    return deduplicator.count(CountRequest.newBuilder().setNamespace(namespace).build()).getKeys();
  }

  private DedupBatchRequest.Builder batch() {
    return DedupBatchRequest.newBuilder().setNamespace("bad-" + key);
  }

  private static DedupBatchItem.Builder item(String key) {
    return DedupBatchItem.newBuilder().setKey(key);
  }

  private DedupRequest.Builder request() {
    return DedupRequest.newBuilder().setKey(key).setTtl(TEN_MINUTES);
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
