package dev.sluice.limiter.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.grpc.AcquireStreamRequest;
import dev.sluice.limiter.grpc.AcquireStreamResponse;
import dev.sluice.limiter.grpc.BalanceRequest;
import dev.sluice.limiter.grpc.Limit;
import dev.sluice.limiter.grpc.RateLimiterGrpc;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of {@code AcquireStream}. */
@QuarkusTest
@TestProfile(AcquireStreamTest.SmallWindow.class)
class AcquireStreamTest {
  private static final int WINDOW = 4;

  /** Four requests under way at once, which may wait for hours. */
  public static final class SmallWindow implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.limiter.stream-window", "" + WINDOW, "sluice.limiter.max-wait", "10h");
    }
  }

  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  private final String key = "user:" + UUID.randomUUID();

  @Test
  void answersEveryRequestUnderItsIdThenEnds() throws InterruptedException {
    var call = new Call();
    for (int id = 1; id <= 1_000; id++) {
      call.send(id, bucket(600).build());
    }
    call.requests().onCompleted();

    long granted = 0;
    long refused = 0;
    var seen = new java.util.BitSet();
    for (int i = 0; i < 1_000; i++) {
      AcquireStreamResponse answer = call.next();
      assertTrue(!seen.get((int) answer.getId()), "answered twice: " + answer.getId());
      seen.set((int) answer.getId());
      granted += answer.getResult().hasGranted() ? 1 : 0;
      refused += answer.getResult().hasRefused() ? 1 : 0;
    }
    assertEquals(600, granted);
    assertEquals(400, refused);
    assertNull(call.end());
  }

  @Test
  void whatIsWrongWithOneRequestDoesNotEndTheStream() throws InterruptedException {
    var call = new Call();
    call.send(1, AcquireRequest.getDefaultInstance());
    call.send(2, bucket(1).setPermits(2).build());
    call.send(3, AcquireRequest.newBuilder().setKey(key).setPolicy("nosuch").build());
    call.requests().onNext(AcquireStreamRequest.newBuilder().setId(4).build());
    call.send(5, bucket(1).build());
    call.requests().onCompleted();

    for (int i = 0; i < 5; i++) {
      AcquireStreamResponse answer = call.next();
      if (answer.getId() == 5) {
        assertTrue(answer.getResult().hasGranted());
      } else {
        assertEquals(
            Status.Code.INVALID_ARGUMENT.value(), answer.getResult().getRefused().getCode());
      }
    }
    assertNull(call.end());
  }

  @Test
  void whoWaitsDoesNotHoldUpTheOthersUntilTheWindowIsFull() throws InterruptedException {
    limiter.acquire(bucket(1).build());
    var call = new Call();
    for (int id = 1; id < WINDOW; id++) {
      call.send(id, bucket(1).setWait(Duration.newBuilder().setSeconds(36_000)).build());
    }
    call.send(10, other().build());
    assertEquals(10, call.next().getId(), "three wait, the fourth is answered");

    call.send(11, bucket(1).setWait(Duration.newBuilder().setSeconds(36_000)).build());
    awaitHours(WINDOW + 1);
    call.send(12, other().build()); // is not read: four wait
    assertNull(call.poll());

    call.requests().cancel("enough", null);
    assertEquals(Status.Code.CANCELLED, Status.fromThrowable(call.end()).getCode());
    awaitHours(1); // all four have left the line
    assertEquals(9, limiter.peek(peek("other:" + key, 10)).getRemaining(), "12 was never asked");
  }

  @Test
  void whoDoesNotReadAnswersIsNotReadFrom() throws InterruptedException {
    var call = new Call(1);
    String large = "k".repeat(250);
    int sent = 0;
    for (; sent < 100_000 && call.requests().isReady(); sent++) {
      call.send(sent, bucket(100_000).setKey(large).build());
      for (int spin = 0; spin < 1_000_000 && !call.requests().isReady(); spin++) {
        Thread.onSpinWait(); // the service may be reading still
      }
    }
    assertTrue(sent < 100_000, "the client is held up: " + sent);
    call.requests().onCompleted();
    call.requests().request(Integer.MAX_VALUE);
    for (int i = 0; i < sent; i++) {
      assertTrue(call.next().getResult().hasGranted());
    }
    assertNull(call.end());
  }

  private AcquireRequest.Builder bucket(long burst) {
    return AcquireRequest.newBuilder().setKey(key).setLimit(anHour(burst));
  }

  private AcquireRequest.Builder other() {
    return AcquireRequest.newBuilder().setKey("other:" + key).setLimit(anHour(10));
  }

  private static Limit.Builder anHour(long burst) {
    return Limit.newBuilder()
        .setRate(1)
        .setPer(Duration.newBuilder().setSeconds(3_600))
        .setBurst(burst);
  }

  private static BalanceRequest peek(String key, long burst) {
    return BalanceRequest.newBuilder().setKey(key).setLimit(anHour(burst)).build();
  }

  /** Until one would have to wait so many hours: one, and one for each who waits already. */
  private void awaitHours(int hours) {
    long told = -1;
    for (int i = 0; i < 10_000 && told != hours; i++) {
      told = Math.ceilDiv(limiter.peek(peek(key, 1)).getRetryAfter().getSeconds(), 3_600);
    }
    assertEquals(hours, told);
  }

  /** One stream. */
  private final class Call
      implements ClientResponseObserver<AcquireStreamRequest, AcquireStreamResponse> {
    private static final Throwable COMPLETED = new Throwable();

    private final BlockingQueue<AcquireStreamResponse> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
    private final int reading;
    private @Nullable ClientCallStreamObserver<AcquireStreamRequest> requests;

    Call() {
      this(Integer.MAX_VALUE);
    }

    /**
     * @param reading how many answers it reads
     */
    Call(int reading) {
      this.reading = reading;
      RateLimiterGrpc.newStub(limiter.getChannel()).acquireStream(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AcquireStreamRequest> stream) {
      requests = stream;
      stream.disableAutoRequestWithInitial(reading);
    }

    ClientCallStreamObserver<AcquireStreamRequest> requests() {
      return Objects.requireNonNull(requests);
    }

    void send(long id, AcquireRequest request) {
      requests().onNext(AcquireStreamRequest.newBuilder().setId(id).setRequest(request).build());
    }

    @Override
    public void onNext(AcquireStreamResponse answer) {
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

    AcquireStreamResponse next() throws InterruptedException {
      AcquireStreamResponse answer = answers.poll(60, TimeUnit.SECONDS);
      assertNotNull(answer, "no answer came");
      return answer;
    }

    @Nullable AcquireStreamResponse poll() {
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
