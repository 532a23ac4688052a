package dev.sluice.mesh.api;

import static dev.sluice.mesh.api.Calls.getDone;
import static dev.sluice.mesh.api.Calls.metric;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.PipelineAnswer;
import dev.sluice.mesh.grpc.PipelineEntry;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of the stream {@code Pipeline}. */
@QuarkusTest
@TestProfile(PipelineTest.Small.class)
@Timeout(120)
class PipelineTest {
  private static final int IN_FLIGHT = 200;

  /** Two pipelines at most, with few requests in flight; no worker is taken for stuck. */
  public static final class Small implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.mesh.heartbeat",
          "10s",
          "sluice.mesh.pipelines.max",
          "2",
          "sluice.mesh.pipelines.in-flight",
          Integer.toString(IN_FLIGHT));
    }
  }

  @GrpcClient("mesh")
  MeshBlockingStub mesh;

  private final String key = "acct:" + UUID.randomUUID();
  private final List<Stream> streams = new ArrayList<>();

  /** A stream; all that comes is in {@link #came}, which is closed at its end. */
  private final class Stream implements ClientResponseObserver<PipelineRequest, PipelineResponse> {
    private final Channel<PipelineAnswer> came = Channel.buffered(20_000);
    private final Channel<Status> ended = Channel.buffered(1);
    private final boolean reads;
    private ClientCallStreamObserver<PipelineRequest> call;

    /**
     * @param reads whether it takes all that comes; else when it is told to
     */
    Stream(boolean reads) {
      this.reads = reads;
      MeshGrpc.newStub(mesh.getChannel()).pipeline(this);
      streams.add(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<PipelineRequest> started) {
      call = started;
      if (!reads) {
        call.disableAutoRequestWithInitial(0);
      }
    }

    @Override
    public void onNext(PipelineResponse response) {
      response.getAnswersList().forEach(came::trySend);
      if (!reads) {
        call.request(1);
      }
    }

    @Override
    public void onError(Throwable broken) {
      ended.trySend(((StatusRuntimeException) broken).getStatus());
      came.tryClose();
    }

    @Override
    public void onCompleted() {
      ended.trySend(Status.OK);
      came.tryClose();
    }

    void send(PipelineEntry... entries) {
      call.onNext(PipelineRequest.newBuilder().addAllEntries(List.of(entries)).build());
    }

    Map<Long, PipelineAnswer> answers(int count) throws InterruptedException {
      Map<Long, PipelineAnswer> answers = new HashMap<>();
      for (int i = 0; i < count; i++) {
        PipelineAnswer answer = came.receive();
        assertFalse(answers.containsKey(answer.getNumber()), answer::toString);
        answers.put(answer.getNumber(), answer);
      }
      return answers;
    }
  }

  @AfterEach
  void close() {
    streams.forEach(stream -> stream.call.cancel("the test is over", null));
    while (metric("sluice_mesh_channel_depth{scope=\"mesh/processes\",channel=\"pipelines\"") > 0) {
      Thread.onSpinWait(); // until the streams are seen to be gone
    }
  }

  @Test
  void answersCarryTheCallersNumber() throws Exception {
    var stream = new Stream(true);
    stream.send(
        entry(7, request("echo").setPayload("{\"a\": 1}").setId(key)), entry(-1, request("count")));

    Map<Long, PipelineAnswer> answers = stream.answers(2);
    PipelineAnswer echo = answers.get(7L);
    assertEquals("{\"a\":1}", echo.getReply());
    assertEquals("", echo.getId());
    assertTrue(echo.getWorker().startsWith("worker-"));
    assertTrue(echo.getEpoch() > 0);
    PipelineAnswer count = answers.get(-1L);
    assertEquals("{\"count\":1}", count.getReply());
    getDone(count.getId()).body("reply.count", equalTo(1));
    assertEquals(echo.getShard(), count.getShard());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tenThousandAreAnsweredInTheOrderOfEachKey(boolean durable) throws Exception {
    var stream = new Stream(true);
    for (int message = 0; message < 100; message++) {
      var batch = PipelineRequest.newBuilder();
      for (int i = 0; i < 100; i++) {
        int number = message * 100 + i;
        batch.addEntries(
            entry(number, request("count").setKey(key + number % 50).setDurable(durable)));
      }
      stream.call.onNext(batch.build());
    }
    stream.call.onCompleted();

    int[] counts = new int[50];
    Set<Long> numbers = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      PipelineAnswer answer = stream.came.receive();
      assertTrue(answer.hasReply(), answer::toString);
      assertTrue(numbers.add(answer.getNumber()));
      int of = (int) (answer.getNumber() % 50);
      counts[of]++;
      assertEquals((counts[of] - 1) * 50L + of, answer.getNumber());
      assertEquals("{\"count\":" + counts[of] + "}", answer.getReply());
    }
    assertEquals(Status.Code.OK, stream.ended.receive().getCode());
  }

  @Test
  void aBadRequestGetsItsProblemAndTheStreamGoesOn() throws Exception {
    var stream = new Stream(true);
    stream.send(
        entry(1, request("echo").setKey("")),
        entry(2, request("nosuch")),
        entry(3, request("echo").setPayload("{broken")),
        entry(4, request("echo").setWait(Duration.newBuilder().setSeconds(31))),
        entry(5, request("echo").setWait(Duration.newBuilder().setSeconds(1).setNanos(-1))),
        PipelineEntry.newBuilder().setNumber(6).build(),
        entry(7, request("acquire").setPayload("7")),
        entry(8, request("count").setId(key)),
        entry(9, request("echo").setId(key)),
        entry(10, request("echo")));
    stream.send();

    Map<Long, PipelineAnswer> answers = stream.answers(10);
    for (long number = 1; number <= 7; number++) {
      assertProblem(Status.Code.INVALID_ARGUMENT, "INVALID_INPUT", answers.get(number));
    }
    assertTrue(answers.get(2L).getProblem().getMessage().contains("must be one of acquire, count"));
    assertTrue(answers.get(8L).hasReply());
    assertProblem(Status.Code.ALREADY_EXISTS, "CONFLICT", answers.get(9L));
    assertEquals("null", answers.get(10L).getReply());
  }

  @Test
  void aWaitOfZeroAsksForAcceptanceOnly() throws Exception {
    var stream = new Stream(true);
    stream.send(entry(1, request("count").setId(key).setWait(Duration.getDefaultInstance())));

    PipelineAnswer answer = stream.came.receive();
    assertTrue(answer.hasInFlight(), answer::toString);
    getDone(key).body("reply.count", equalTo(1));
  }

  @Test
  void whoDoesNotReadIsNotReadAndLosesNothing() throws Exception {
    var stream = new Stream(false);
    String large = "\"" + "x".repeat(5_000) + "\"";
    double before = metric("sluice_mesh_accepted_total");
    for (int i = 0; i < 10_000; i++) {
      stream.send(entry(i, request("echo").setPayload(large).setDurable(false)));
    }
    stream.call.onCompleted();

    double accepted = metric("sluice_mesh_accepted_total") - before;
    double later = accepted;
    do {
      accepted = later;
      mesh.request(request("echo").setDurable(false).build());
      later = metric("sluice_mesh_accepted_total") - before;
    } while (later > accepted + 1 || later < IN_FLIGHT);
    assertTrue(later < 5_000, "accepted: " + later);
    assertTrue(metric("sluice_mesh_in_flight ") <= IN_FLIGHT);

    stream.call.request(1);
    assertEquals(10_000, stream.answers(10_000).size());
    assertEquals(Status.Code.OK, stream.ended.receive().getCode());
  }

  @Test
  void whatIsInFlightWhenACallerGoesStaysAccepted() throws Exception {
    var stream = new Stream(true);
    stream.send(entry(1, request("count").setId(key)), entry(2, request("count").setId(key + 2)));
    while (Calls.get("/requests/" + key + 2).extract().statusCode() != 200) {
      Thread.onSpinWait(); // until it is accepted
    }
    stream.call.cancel("gone", null);

    getDone(key).body("reply.count", equalTo(1));
    getDone(key + 2).body("reply.count", equalTo(2));
  }

  @Test
  void aFurtherPipelineIsRefusedUntilOneEnds() throws Exception {
    var first = new Stream(true);
    var second = new Stream(true);
    first.send(entry(1, request("echo")));
    second.send(entry(1, request("echo")));
    first.came.receive();
    second.came.receive();

    Status refused = new Stream(true).ended.receive();
    assertEquals(Status.Code.UNAVAILABLE, refused.getCode());
    assertEquals("all pipelines that may be open are open", refused.getDescription());

    first.call.onCompleted();
    assertEquals(Status.Code.OK, first.ended.receive().getCode());
    second.send(entry(2, request("echo")));
    second.came.receive();
    Stream third; // that the first has ended may be known here before it is there
    do {
      third = new Stream(true);
      third.send(entry(1, request("echo")));
    } while (third.came.receiveOrNull() == null);
  }

  private MeshRequest.Builder request(String op) {
    return MeshRequest.newBuilder()
        .setKey(key)
        .setOp(op)
        .setWait(Duration.newBuilder().setSeconds(30));
  }

  private static PipelineEntry entry(long number, MeshRequest.Builder request) {
    return PipelineEntry.newBuilder().setNumber(number).setRequest(request).build();
  }

  private static void assertProblem(Status.Code code, String reason, PipelineAnswer answer)
      throws Exception {
    assertEquals(code.value(), answer.getProblem().getCode(), answer::toString);
    assertEquals(reason, answer.getProblem().getDetails(0).unpack(ErrorInfo.class).getReason());
  }
}
