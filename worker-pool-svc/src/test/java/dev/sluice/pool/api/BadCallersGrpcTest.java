package dev.sluice.pool.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.pool.grpc.Event;
import dev.sluice.pool.grpc.WatchRequest;
import dev.sluice.pool.grpc.WorkReady;
import dev.sluice.pool.grpc.WorkRequest;
import dev.sluice.pool.grpc.WorkerPoolGrpc;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of callers over gRPC that send nonsense, or do not read, or are too many. */
@QuarkusTest
@TestProfile(BadCallersGrpcTest.Few.class)
@Timeout(120)
class BadCallersGrpcTest {

  /** Two streams and two watches at most; who does not read is soon hung up on. */
  public static final class Few implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.pool.streams.max-work-streams", "2",
          "sluice.pool.max-watches", "2",
          "sluice.pool.streams.heartbeat", "100ms");
    }
  }

  /** A field of five bytes, of which there is one. */
  private static final byte[] MALFORMED = {0x0a, 0x05, 'a'};

  @GrpcClient("pool")
  WorkerPoolBlockingStub pool;

  private final String queue = Pool.newQueue();
  private final List<Raw> calls = new ArrayList<>();

  /** A call whose messages are bytes. */
  private final class Raw extends ClientCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> call;
    private final Channel<byte[]> came = Channel.buffered(10_000);
    private final Channel<StatusRuntimeException> ended = Channel.buffered(1);

    Raw(MethodDescriptor<?, ?> method) {
      call = pool.getChannel().newCall(raw(method), CallOptions.DEFAULT);
      call.start(this, new Metadata());
      calls.add(this);
    }

    void send(byte[] message) {
      call.sendMessage(message);
    }

    @Override
    public void onMessage(byte[] message) {
      came.trySend(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended.trySend(status.asRuntimeException(trailers));
    }
  }

  @AfterEach
  void close() {
    calls.forEach(each -> each.call.cancel("the test is over", null));
    Pool.awaitMetric("sluice_pool_watches", 0);
    awaitNoStream();
  }

  @Test
  void aRequestThatIsNoProtobufIsToldSo() {
    for (var method :
        List.of(
            WorkerPoolGrpc.getSubmitMethod(),
            WorkerPoolGrpc.getAckMethod(),
            WorkerPoolGrpc.getGetQueueMethod())) {
      var refused =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  ClientCalls.blockingUnaryCall(
                      pool.getChannel(), raw(method), CallOptions.DEFAULT, MALFORMED));
      assertMalformed(refused);
    }
  }

  @Test
  void aWatchThatIsNoProtobufIsToldSoAndTakesNoPlace() throws Exception {
    for (int i = 0; i < 3; i++) {
      var watch = new Raw(WorkerPoolGrpc.getWatchMethod());
      watch.call.request(1);
      watch.send(MALFORMED);
      watch.call.halfClose();
      assertMalformed(watch.ended.receive());
    }
    assertEquals(0, Pool.metric("sluice_pool_watches"));
  }

  @Test
  void aStreamWhoseMessagesAreNoProtobufIsToldSoAndTakesNoPlace() throws Exception {
    for (int i = 0; i < 3; i++) {
      var work = new Raw(WorkerPoolGrpc.getWorkMethod());
      work.call.request(1);
      work.send(MALFORMED);
      assertMalformed(work.ended.receive());
      awaitNoStream();
    }
  }

  @Test
  void aStreamThatGoesWrongLaterKeepsItsLeasesAndLeavesTheLine() throws Exception {
    String id = Pool.accepted("{'queue':'" + queue + "'}");
    var work = new Raw(WorkerPoolGrpc.getWorkMethod());
    work.call.request(10);
    var ready = WorkReady.newBuilder().setQueue(queue).setCredits(2);
    work.send(WorkRequest.newBuilder().setReady(ready).build().toByteArray());
    work.came.receive();
    Pool.awaitMetric("sluice_pool_waiting_leases", 1);

    work.send(MALFORMED);

    assertMalformed(work.ended.receive());
    Pool.awaitMetric("sluice_pool_waiting_leases", 0);
    awaitNoStream();
    assertEquals("running", Pool.job(id).extract().path("state"));
  }

  @Test
  void oneWatchTooManyIsRefused() throws Exception {
    watch();
    watch();
    Pool.awaitMetric("sluice_pool_watches", 2);
    var refused = watch().ended.receive();
    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
    assertEquals("OVERLOADED", PoolGrpcTest.detail(refused, ErrorInfo.class).getReason());
  }

  @Test
  void aWatchThatIsNotReadIsEnded() throws Exception {
    Pool.accepted("{'queue':'" + queue + "'}");
    JsonPath leased = Pool.leased(queue);
    var watch = watch();
    Pool.awaitMetric("sluice_pool_watches", 1);
    String large = ",'progress':'" + "x".repeat(100_000) + "'";
    int sent = 0;
    while (Pool.metric("sluice_pool_watches") > 0) {
      Pool.tell(leased, "extend", large).statusCode(200);
      sent++;
    }

    watch.call.request(sent);
    var ended = watch.ended.receive();
    assertEquals(Status.Code.UNAVAILABLE, ended.getStatus().getCode());
    assertEquals("OVERLOADED", PoolGrpcTest.detail(ended, ErrorInfo.class).getReason());
    int came = 0;
    for (byte[] each = watch.came.tryReceive(); each != null; each = watch.came.tryReceive()) {
      assertEquals(queue, Event.parseFrom(each).getQueue());
      came++;
    }
    assertTrue(0 < came && came < sent, came + " of " + sent);
  }

  /** Asks, and does not read. */
  private Raw watch() {
    var watch = new Raw(WorkerPoolGrpc.getWatchMethod());
    watch.send(WatchRequest.newBuilder().setQueue(queue).build().toByteArray());
    watch.call.halfClose();
    return watch;
  }

  private static void assertMalformed(StatusRuntimeException refused) {
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), refused::toString);
    assertEquals("INVALID_INPUT", PoolGrpcTest.detail(refused, ErrorInfo.class).getReason());
    assertTrue(refused.getStatus().getDescription().contains("protobuf"), refused::toString);
  }

  private static void awaitNoStream() {
    while (streams() > 0) {
      Thread.onSpinWait();
    }
  }

  private static double streams() {
    return Pool.metric(
        line -> line.startsWith("sluice_pool_channel_depth") && line.contains("work-streams"));
  }

  private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(method.getType())
        .setFullMethodName(method.getFullMethodName())
        .build();
  }

  /** Leaves messages as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
