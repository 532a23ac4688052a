package dev.sluice.dedup.api.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.dedup.api.GrpcDetails;
import dev.sluice.dedup.grpc.DedupRequest;
import dev.sluice.dedup.grpc.DedupStreamItem;
import dev.sluice.dedup.grpc.DedupStreamMode;
import dev.sluice.dedup.grpc.DedupStreamRequest;
import dev.sluice.dedup.grpc.DedupStreamResponse;
import dev.sluice.dedup.grpc.DedupStreamStart;
import dev.sluice.dedup.grpc.DeduplicatorGrpc;
import dev.sluice.dedup.grpc.DeduplicatorGrpc.DeduplicatorBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@code DedupStream}. */
@QuarkusTest
@Timeout(120)
class DedupStreamGrpcTest {
  @GrpcClient("dedup")
  DeduplicatorBlockingStub deduplicator;

  private final String namespace = "ns-" + UUID.randomUUID();

  @Test
  void whatIsFirstPassesWhileTheInputGoesOn() throws InterruptedException {
    var call = new Call();
    call.start(first());
    DedupStreamItem a = item("1", "a").setPayload(ByteString.copyFromUtf8("payload")).build();
    call.send(a);
    assertEquals(a, call.next().getPassed());
    call.send(item("2", "a").build());
    call.send(item("3", "b").build());
    assertEquals("3", call.next().getPassed().getId());
    call.requests().onCompleted();
    assertNull(call.end());
    assertNull(call.poll());
  }

  @Test
  void manyItemsComeOutAsTheModelSays() throws InterruptedException {
    var random = new Random(8);
    Set<String> seen = new HashSet<>();
    var expected = new ArrayList<String>();
    var call = new Call();
    call.start(first());
    for (int i = 0; i < 20_000; i++) {
      String key = "k" + random.nextInt(5_000);
      if (seen.add(key)) {
        expected.add("" + i);
      }
      call.send(item("" + i, key).build());
    }
    call.requests().onCompleted();
    for (String id : expected) {
      assertEquals(id, call.next().getPassed().getId());
    }
    assertNull(call.end());
    assertNull(call.poll());
  }

  @Test
  void sharesItsKeysWithDedup() throws InterruptedException {
    assertTrue(dedup("a"));
    var call = new Call();
    call.start(first());
    call.send(item("1", "a").build());
    call.send(item("2", "b").build());
    assertEquals("2", call.next().getPassed().getId());
    assertFalse(dedup("b"));
    call.requests().onCompleted();
    assertNull(call.end());
  }

  private boolean dedup(String key) {
    return deduplicator
        .dedup(
            DedupRequest.newBuilder()
                .setKey(key)
                .setNamespace(namespace)
                .setTtl(duration(600, 0))
                .build())
        .getFirst();
  }

  @Test
  void whatIsWrongWithAnItemDoesNotEndTheStream() throws InterruptedException {
    var call = new Call();
    call.start(first());
    call.send(item("1", "").build());
    call.send(item("2", "k").setPayload(ByteString.copyFrom(new byte[70_000])).build());
    call.send(item("3", "k").build());
    for (long number = 1; number <= 2; number++) {
      var problem = call.next().getProblem();
      assertEquals(number, problem.getNumber());
      assertEquals("" + number, problem.getId());
      assertEquals(Status.Code.INVALID_ARGUMENT.value(), problem.getStatus().getCode());
    }
    assertEquals("3", call.next().getPassed().getId());
    call.requests().onCompleted();
    assertNull(call.end());
  }

  @Test
  void aBadStartIsInvalidArgument() throws InterruptedException {
    assertRefused("ttl", DedupStreamStart.newBuilder());
    assertRefused("ttl", first().setTtl(duration(0, 0)));
    assertRefused("ttl", first().setTtl(duration(8 * 86_400, 0)));
    assertRefused("ttl", first().setTtl(duration(1, -1)));
    assertRefused("namespace", first().setNamespace(""));
    assertRefused("quiet", first().setQuiet(duration(1, 0)));
    assertRefused("mode", first().setModeValue(17));
    assertRefused(
        "quiet",
        DedupStreamStart.newBuilder().setMode(DedupStreamMode.DEDUP_STREAM_MODE_DEBOUNCE_LEADING));

    var itemFirst = new Call();
    itemFirst.send(item("1", "a").build());
    assertInvalid("start", itemFirst);
    var nothing = new Call();
    nothing.requests().onNext(DedupStreamRequest.getDefaultInstance());
    assertInvalid("request", nothing);
    var twice = new Call();
    twice.start(first());
    twice.start(first());
    assertInvalid("start", twice);
  }

  private static void assertRefused(String named, DedupStreamStart.Builder start, Call call)
      throws InterruptedException {
    call.start(start);
    assertInvalid(named, call);
  }

  private void assertRefused(String named, DedupStreamStart.Builder start)
      throws InterruptedException {
    assertRefused(named, start, new Call());
  }

  private static void assertInvalid(String named, Call call) throws InterruptedException {
    Status status = Status.fromThrowable(Objects.requireNonNull(call.end()));
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertTrue(String.valueOf(status.getDescription()).contains(named), status.toString());
  }

  @Test
  void whatIsUnderWayIsAnsweredBeforeAMessageThatIsWrongEndsTheStream() throws Exception {
    for (DedupStreamRequest wrong :
        List.of(
            DedupStreamRequest.getDefaultInstance(),
            DedupStreamRequest.newBuilder().setStart(first()).build())) {
      var call = new Call();
      call.start(first().setNamespace("ns-" + UUID.randomUUID()));
      for (int i = 0; i < 10; i++) {
        call.send(item("" + i, "k" + i).build());
      }
      call.requests().onNext(wrong);
      for (int i = 0; i < 10; i++) {
        assertEquals("" + i, call.next().getPassed().getId());
      }
      var end = assertInstanceOf(StatusRuntimeException.class, call.end());
      assertEquals(Status.Code.INVALID_ARGUMENT, Status.fromThrowable(end).getCode());
      assertEquals("10", GrpcDetails.of(end, ErrorInfo.class).getMetadataOrThrow("items"));
    }
  }

  @Test
  void itemsForWhichThereIsNoRoomAreFewIfTheyAreLarge() {
    var call = new Call();
    call.start(
        DedupStreamStart.newBuilder()
            .setMode(DedupStreamMode.DEDUP_STREAM_MODE_DEBOUNCE_TRAILING)
            .setQuiet(duration(3_600, 0)));
    ByteString large = ByteString.copyFrom(new byte[60_000]);
    int sent = 0;
    for (; sent < 200 && call.requests().isReady(); sent++) {
      call.send(item("" + sent, "k" + sent).setPayload(large).build());
      for (int spin = 0; spin < 1_000_000 && !call.requests().isReady(); spin++) {
        Thread.onSpinWait(); // the service may be reading still
      }
    }
    assertTrue(sent < 200, "the client is held up: " + sent);
    call.requests().cancel("enough", null);
  }

  @Test
  void anEndWithoutAStartIsWell() throws InterruptedException {
    var call = new Call();
    call.requests().onCompleted();
    assertNull(call.end());
  }

  @Test
  void debouncesLikeHttp() throws InterruptedException {
    var trailing = new Call();
    trailing.start(
        DedupStreamStart.newBuilder()
            .setMode(DedupStreamMode.DEDUP_STREAM_MODE_DEBOUNCE_TRAILING)
            .setQuiet(duration(0, 100_000_000)));
    trailing.send(item("1", "a").build());
    assertEquals("1", trailing.next().getPassed().getId());
    trailing.send(item("2", "b").build());
    trailing.send(item("3", "b").build());
    trailing.requests().onCompleted();
    DedupStreamItem last = trailing.next().getPassed();
    assertEquals(
        "3", last.getId().equals("2") ? trailing.next().getPassed().getId() : last.getId());
    assertNull(trailing.end());

    var leading = new Call();
    leading.start(
        DedupStreamStart.newBuilder()
            .setMode(DedupStreamMode.DEDUP_STREAM_MODE_DEBOUNCE_LEADING)
            .setQuiet(duration(3_600, 0)));
    leading.send(item("1", "a").build());
    leading.send(item("2", "a").build());
    leading.send(item("3", "b").build());
    assertEquals("1", leading.next().getPassed().getId());
    assertEquals("3", leading.next().getPassed().getId());
    leading.requests().cancel("enough", null);
    assertEquals(
        Status.Code.CANCELLED,
        Status.fromThrowable(Objects.requireNonNull(leading.end())).getCode());
  }

  @Test
  void whoDoesNotReadAnswersIsNotReadFrom() throws InterruptedException {
    var call = new Call(1);
    call.start(first());
    ByteString large = ByteString.copyFrom(new byte[1_000]);
    int sent = 0;
    for (; sent < 100_000 && call.requests().isReady(); sent++) {
      call.send(item("" + sent, "k" + sent).setPayload(large).build());
      for (int spin = 0; spin < 1_000_000 && !call.requests().isReady(); spin++) {
        Thread.onSpinWait(); // the service may be reading still
      }
    }
    assertTrue(sent < 100_000, "the client is held up: " + sent);
    call.requests().onCompleted();
    call.requests().request(Integer.MAX_VALUE);
    for (int i = 0; i < sent; i++) {
      assertEquals("" + i, call.next().getPassed().getId());
    }
    assertNull(call.end());
  }

  private DedupStreamStart.Builder first() {
    return DedupStreamStart.newBuilder().setNamespace(namespace).setTtl(duration(600, 0));
  }

  private static DedupStreamItem.Builder item(String id, String key) {
    return DedupStreamItem.newBuilder().setId(id).setKey(key);
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  /** One stream. */
  private final class Call
      implements ClientResponseObserver<DedupStreamRequest, DedupStreamResponse> {
    private static final Throwable COMPLETED = new Throwable();

    private final BlockingQueue<DedupStreamResponse> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
    private final int reading;
    private @Nullable ClientCallStreamObserver<DedupStreamRequest> requests;

    Call() {
      this(Integer.MAX_VALUE);
    }

    /**
     * @param reading how many answers it reads
     */
    Call(int reading) {
      this.reading = reading;
      DeduplicatorGrpc.newStub(deduplicator.getChannel()).dedupStream(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<DedupStreamRequest> stream) {
      requests = stream;
      stream.disableAutoRequestWithInitial(reading);
    }

    ClientCallStreamObserver<DedupStreamRequest> requests() {
      return Objects.requireNonNull(requests);
    }

    void start(DedupStreamStart.Builder start) {
      requests().onNext(DedupStreamRequest.newBuilder().setStart(start).build());
    }

    void send(DedupStreamItem item) {
      requests().onNext(DedupStreamRequest.newBuilder().setItem(item).build());
    }

    @Override
    public void onNext(DedupStreamResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(failure);
    }

    @Override
    public void onCompleted() {
      ends.add(COMPLETED);
    }

    DedupStreamResponse next() throws InterruptedException {
      DedupStreamResponse answer = answers.poll(60, TimeUnit.SECONDS);
      assertNotNull(answer, "no answer came");
      return answer;
    }

    @Nullable DedupStreamResponse poll() {
      return answers.poll();
    }

    /** How the stream ended: null for well. */
    @Nullable Throwable end() throws InterruptedException {
      Throwable end = ends.poll(60, TimeUnit.SECONDS);
      assertNotNull(end, "the stream did not end");
      return end == COMPLETED ? null : end;
    }
  }
}
