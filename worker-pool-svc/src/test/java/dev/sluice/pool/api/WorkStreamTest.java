package dev.sluice.pool.api;

import static dev.sluice.pool.api.PoolGrpcTest.millis;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.pool.grpc.AckRequest;
import dev.sluice.pool.grpc.ExtendRequest;
import dev.sluice.pool.grpc.JobState;
import dev.sluice.pool.grpc.LeasedJob;
import dev.sluice.pool.grpc.NackRequest;
import dev.sluice.pool.grpc.WorkReady;
import dev.sluice.pool.grpc.WorkRequest;
import dev.sluice.pool.grpc.WorkResponse;
import dev.sluice.pool.grpc.WorkerPoolGrpc;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of the stream {@code Work}. */
@QuarkusTest
@TestProfile(WorkStreamTest.FewStreams.class)
@Timeout(120)
class WorkStreamTest {

  /** Two streams at most. */
  public static final class FewStreams implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.pool.streams.max-work-streams", "2");
    }
  }

  @GrpcClient("pool")
  WorkerPoolBlockingStub pool;

  private final String queue = Pool.newQueue();
  private final List<Worker> workers = new ArrayList<>();

  /** A worker on a stream; all that comes is in {@link #came}, and then its end. */
  private final class Worker implements ClientResponseObserver<WorkRequest, WorkResponse> {
    private final Channel<WorkResponse> came = Channel.buffered(20_000);
    private final Channel<Status> ended = Channel.buffered(1);
    private final boolean reads;
    private ClientCallStreamObserver<WorkRequest> stream;
    private StatusRuntimeException failure;

    /**
     * @param reads whether it takes all that comes; else what {@link #read} asks for
     */
    Worker(boolean reads) {
      this.reads = reads;
      WorkerPoolGrpc.newStub(pool.getChannel()).work(this);
      workers.add(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WorkRequest> call) {
      stream = call;
      if (!reads) {
        call.disableAutoRequestWithInitial(0);
      }
    }

    @Override
    public void onNext(WorkResponse response) {
      came.trySend(response);
    }

    @Override
    public void onError(Throwable broken) {
      failure = (StatusRuntimeException) broken;
      ended.trySend(failure.getStatus());
    }

    @Override
    public void onCompleted() {
      ended.trySend(Status.OK);
    }

    void ready(int credits) {
      // no lease runs out on a busy machine
      send(WorkReady.newBuilder().setCredits(credits).setQueue(queue).setLease(millis(3_600_000)));
    }

    void send(WorkReady.Builder ready) {
      stream.onNext(WorkRequest.newBuilder().setReady(ready).build());
    }

    void ack(LeasedJob job) {
      stream.onNext(WorkRequest.newBuilder().setAck(acked(job)).build());
    }

    LeasedJob job() throws InterruptedException {
      WorkResponse response = came.receive();
      assertTrue(response.hasJob(), response::toString);
      return response.getJob();
    }

    String reason() {
      return PoolGrpcTest.detail(failure, ErrorInfo.class).getReason();
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    for (Worker worker : workers) {
      worker.stream.cancel("the test is over", null);
    }
    while (Pool.get("/q/metrics")
        .extract()
        .asString()
        .lines()
        .anyMatch(line ->
            line.startsWith("sluice_pool_channel_depth")
                && line.contains("work-streams")
                && !line.endsWith(" 0.0"))) {
      Thread.onSpinWait(); // until the streams are seen to be gone
    }
  }

  @Test
  void sendsNoMoreJobsThanThereAreCredits() throws Exception {
    for (int i = 0; i < 3; i++) {
      submit();
    }
    var worker = new Worker(true);
    worker.ready(2);
    LeasedJob first = worker.job();
    LeasedJob second = worker.job();
    assertFalse(first.getId().equals(second.getId()));
    worker.ack(first);
    assertEquals(JobState.JOB_STATE_SUCCEEDED, worker.came.receive().getAnswer().getState());
    assertNull(worker.came.tryReceive());
    assertEquals(1, Pool.queue(queue).getInt("jobs.queued"));
    worker.ready(1);
    worker.job();
  }

  @Test
  void waitsForJobsThatComeLater() throws Exception {
    var worker = new Worker(true);
    worker.send(
        WorkReady.newBuilder()
            .setCredits(1)
            .setQueue(queue)
            .setLease(millis(60_000))
            .setWorker("w"));
    Pool.accepted("{'queue':'" + queue + "','payload':7}");
    LeasedJob job = worker.job();
    assertEquals("7", job.getPayload().getJson());
    assertEquals(millis(30_000), job.getExtendEvery());
    worker.ack(job);
    worker.came.receive();
    Pool.job(job.getId())
        .body("state", equalTo("succeeded"))
        .body("attempts[0].worker", equalTo("w"));
  }

  @Test
  void endsAndExtendsJobsAndTellsWhatIsNoLongerItsOwn() throws Exception {
    submit();
    submit();
    var worker = new Worker(true);
    worker.ready(2);
    LeasedJob first = worker.job();
    LeasedJob second = worker.job();
    worker.stream.onNext(
        WorkRequest.newBuilder()
            .setExtend(
                ExtendRequest.newBuilder()
                    .setId(first.getId())
                    .setLease(first.getLease())
                    .setLonger(millis(60_000)))
            .build());
    assertTrue(worker.came.receive().getAnswer().hasLeasedUntil());
    worker.stream.onNext(
        WorkRequest.newBuilder()
            .setNack(
                NackRequest.newBuilder()
                    .setId(second.getId())
                    .setLease(second.getLease())
                    .setFinal(true))
            .build());
    assertEquals(JobState.JOB_STATE_FAILED, worker.came.receive().getAnswer().getState());
    worker.ack(second);
    var lost = worker.came.receive().getAnswer();
    assertEquals(second.getId(), lost.getId());
    assertEquals(Status.Code.ABORTED.value(), lost.getProblem().getCode());
    worker.stream.onNext(
        WorkRequest.newBuilder().setAck(AckRequest.newBuilder().setId("nosuch")).build());
    assertEquals(
        Status.Code.NOT_FOUND.value(), worker.came.receive().getAnswer().getProblem().getCode());
    worker.ack(first);
    assertEquals(JobState.JOB_STATE_SUCCEEDED, worker.came.receive().getAnswer().getState());
  }

  @Test
  void whoHalfClosesHandsBackWhatIsNotEnded() throws Exception {
    submit();
    submit();
    var worker = new Worker(true);
    worker.ready(5);
    LeasedJob done = worker.job();
    LeasedJob left = worker.job();
    worker.ack(done);
    worker.stream.onCompleted();
    assertTrue(worker.ended.receive().isOk());
    assertEquals(JobState.JOB_STATE_SUCCEEDED, worker.came.receive().getAnswer().getState());
    Pool.job(left.getId()).body("state", equalTo("queued")).body("attemptsMade", equalTo(0));
    Pool.job(done.getId()).body("state", equalTo("succeeded"));
  }

  @Test
  void whoBreaksOffKeepsItsLeases() throws Exception {
    submit();
    var worker = new Worker(true);
    worker.ready(5);
    LeasedJob job = worker.job();
    worker.stream.cancel("gone", null);
    worker.ended.receive();
    assertEquals(JobState.JOB_STATE_SUCCEEDED, pool.ack(acked(job)).getState());
    String next = submit();
    assertEquals(next, Pool.leased(queue).getString("jobs[0].id"));
  }

  @Test
  void aWorkerThatDoesNotReadIsNotFedOn() throws Exception {
    int jobs = 400;
    String payload = "x".repeat(10_000);
    for (int i = 0; i < jobs; i++) {
      Pool.accepted("{'queue':'" + queue + "','payload':'" + payload + "'}");
    }
    var worker = new Worker(false);
    worker.ready(jobs);
    // the calls' windows are full long before, and another worker gets the rest
    Set<String> others = new HashSet<>();
    Pool.awaitQueue(queue, "jobs.running", 100);
    var other = new Worker(true);
    other.ready(100);
    for (int i = 0; i < 100; i++) {
      others.add(other.job().getId());
    }
    assertEquals(100, others.size());
    worker.stream.request(jobs);
    Set<String> own = new HashSet<>();
    while (own.size() < jobs - 100) {
      own.add(worker.job().getId());
    }
    own.retainAll(others);
    assertEquals(Set.of(), own);
  }

  @Test
  void manyJobsGoThroughEachOnce() throws Exception {
    var worker = new Worker(true);
    worker.ready(50);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      ids.add(submit());
    }
    Set<String> done = new HashSet<>();
    Set<String> answered = new HashSet<>();
    while (answered.size() < 500) {
      WorkResponse response = worker.came.receive();
      if (response.hasJob()) {
        assertTrue(done.add(response.getJob().getId()));
        worker.ack(response.getJob());
      } else {
        assertEquals(JobState.JOB_STATE_SUCCEEDED, response.getAnswer().getState());
        answered.add(response.getAnswer().getId());
        worker.send(WorkReady.newBuilder().setCredits(1));
      }
    }
    assertEquals(ids, done);
    assertEquals(ids, answered);
  }

  @Test
  void badMessagesEndTheStream() throws Exception {
    assertInvalid("credits", WorkReady.newBuilder().setQueue(queue));
    assertInvalid("credits", WorkReady.newBuilder().setQueue(queue).setCredits(-1));
    assertInvalid("credits", WorkReady.newBuilder().setQueue(queue).setCredits(10_001));
    assertInvalid("queue", WorkReady.newBuilder().setCredits(1));
    assertInvalid("queue", WorkReady.newBuilder().setCredits(1).setQueue("a b"));
    assertInvalid("push", WorkReady.newBuilder().setCredits(1).setQueue("push"));
    assertInvalid(
        "lease", WorkReady.newBuilder().setCredits(1).setQueue(queue).setLease(millis(1)));
    assertInvalid("worker", WorkReady.newBuilder().setCredits(1).setQueue(queue).setWorker(""));
    assertInvalid("worker", WorkReady.newBuilder().setCredits(1).setQueue(queue).setWorker("\n"));
  }

  @Test
  void anEmptyMessageEndsTheStream() throws Exception {
    var worker = new Worker(true);
    worker.stream.onNext(WorkRequest.getDefaultInstance());
    assertEquals(Status.Code.INVALID_ARGUMENT, worker.ended.receive().getCode());
  }

  @Test
  void anotherQueueOnTheSameStreamEndsIt() throws Exception {
    var worker = new Worker(true);
    worker.ready(1);
    worker.send(WorkReady.newBuilder().setCredits(1).setQueue("other"));
    Status status = worker.ended.receive();
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertTrue(status.getDescription().contains("queue"));
  }

  @Test
  void oneStreamTooManyIsRefused() throws Exception {
    submit();
    submit();
    for (int i = 0; i < 2; i++) {
      var worker = new Worker(true);
      worker.ready(1);
      worker.job();
    }
    var refused = new Worker(true);
    assertEquals(Status.Code.UNAVAILABLE, refused.ended.receive().getCode());
    assertEquals("OVERLOADED", refused.reason());
  }

  private void assertInvalid(String named, WorkReady.Builder ready) throws Exception {
    var worker = new Worker(true);
    worker.send(ready);
    Status status = worker.ended.receive();
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
    assertEquals("INVALID_INPUT", worker.reason());
    assertTrue(status.getDescription().contains(named), status.getDescription());
  }

  private String submit() {
    return Pool.accepted("{'queue':'" + queue + "'}");
  }

  private static AckRequest acked(LeasedJob job) {
    return AckRequest.newBuilder().setId(job.getId()).setLease(job.getLease()).build();
  }
}
