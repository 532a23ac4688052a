package dev.sluice.pool.process;

import static dev.sluice.pool.process.Samples.SETTINGS;
import static dev.sluice.pool.process.Samples.call;
import static dev.sluice.pool.process.Samples.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.process.ScriptedTarget.Incoming;
import dev.sluice.pool.store.FileJobStore;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.UnfinishedJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The processes together, on a clock and a target that the test controls. */
@NoLeaks
@Timeout(60)
class WorkerPoolTest {
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final int WORKERS = SETTINGS.workers();

  /** One each: the monitor, the queue, and every worker that is well. */
  private static final int ALARMS = 2 + WORKERS;

  private final VirtualClock clock = new VirtualClock();
  private final Keeping store = new Keeping();
  private ScriptedTarget target = new ScriptedTarget(true);

  private Scope root;
  private Scope processes;
  private HeartbeatMonitor monitor;
  private WorkerPool pool;

  @AfterEach
  void end() {
    root.close();
  }

  @Test
  void aSubmittedJobIsCalledAndSucceeds() throws InterruptedException {
    start(store);
    UUID id = submitted("job");
    Incoming call = target.calls().receive();
    assertEquals(id, call.job().id());
    assertEquals(1, call.attempt());
    assertEquals(JobState.RUNNING, get(id).state());

    call.answer(204);
    awaitState(id, JobState.SUCCEEDED);
    assertEquals(204, get(id).attempts().getFirst().status());
  }

  @Test
  void asManyCallsRunAtOnceAsThereAreWorkersAndNoMore() throws InterruptedException {
    start(store);
    for (int i = 0; i < 3; i++) {
      submitted("job");
    }
    Incoming first = target.calls().receive();
    target.calls().receive();
    assertEquals(List.of(2, 1), List.of(look().running(), look().queued()));
    assertNull(target.calls().tryReceive());

    first.answer(200);
    target.calls().receive();
  }

  @Test
  void aFailedCallIsMadeAgainAfterItsBackoff() throws InterruptedException {
    start(store);
    UUID id = submitted("job");
    target.calls().receive().fail("cannot connect");
    awaitState(id, JobState.RETRYING);
    assertEquals("cannot connect", get(id).attempts().getFirst().error());

    clock.advance(Duration.ofMillis(100));
    Incoming second = target.calls().receive();
    assertEquals(2, second.attempt());
    second.refuse("private");
    awaitState(id, JobState.FAILED);
  }

  @Test
  void aCallIsBrokenOffAtItsTimeout() throws InterruptedException {
    start(store);
    UUID id = submitted("job");
    Incoming call = target.calls().receive();
    advance(Duration.ofSeconds(9));
    assertEquals(JobState.RUNNING, get(id).state());

    clock.advance(Duration.ofSeconds(1));
    assertEquals(call, target.brokenOff().receive());
    awaitState(id, JobState.RETRYING);
    assertEquals("no answer within 10000ms", get(id).attempts().getFirst().error());
  }

  @Test
  void aFaultInTheTargetFailsItsJobAndNothingElse() throws InterruptedException {
    start(store);
    UUID id = submitted("job");
    target
        .calls()
        .receive()
        .ending()
        .complete(() -> {
          throw new IllegalStateException("a bug");
        });
    awaitState(id, JobState.FAILED);
    assertEquals(
        "the call could not be made: java.lang.IllegalStateException: a bug",
        get(id).attempts().getFirst().error());

    submitted("next");
    target.calls().receive().answer(200);
  }

  @Test
  void aSlowTargetIsNoReasonForAlarm() throws InterruptedException {
    start(store);
    UUID id = accepted(send(slow("slow")));
    Incoming call = target.calls().receive();

    advance(Duration.ofMinutes(10).minus(BEAT));
    assertEquals(List.of(), stuck());
    assertNull(monitor.stuck().tryReceive(), "and was not at any time");
    assertEquals(JobState.RUNNING, get(id).state());

    call.answer(200);
    awaitState(id, JobState.SUCCEEDED);
  }

  @Test
  void aCallThatDoesNotEndWhenItIsBrokenOffIsFoundAndItsWorkerNamed() throws InterruptedException {
    target = new ScriptedTarget(false);
    start(store);
    UUID id = submitted("job");
    Incoming call = target.calls().receive();
    Duration deadline = call.job().timeout().plus(SETTINGS.hungAfter());

    advance(deadline.minus(BEAT));
    assertEquals(call, target.brokenOff().receive());
    assertNull(monitor.stuck().tryReceive(), "it may still end");

    advance(BEAT.dividedBy(2));
    advance(BEAT.multipliedBy(4), ALARMS - 1); // the worker that hangs sets none any more
    String hung = monitor.stuck().receive().name();
    assertTrue(hung.equals("worker-0") || hung.equals("worker-1"), hung);
    assertEquals(List.of(hung), stuck());
    assertEquals(JobState.RUNNING, get(id).state());

    target.release();
    awaitState(id, JobState.RETRYING);
    assertEquals("no answer within 10000ms", get(id).attempts().getFirst().error());
    advance(BEAT);
    assertEquals(List.of(), stuck(), "and is well again");
  }

  @Test
  void capacityIsNeverExceededHoweverManySubmit() throws InterruptedException {
    start(store);
    int submitters = 50;
    int each = 40;
    try (var scope = Scope.open("submitters")) {
      for (int i = 0; i < submitters; i++) {
        scope.start(
            "submitter-" + i,
            () -> {
              for (int n = 0; n < each; n++) {
                Submission answer =
                    send(submit(call("job"), 1, Duration.ofDays(1))).reply().await();
                assertTrue(
                    answer instanceof Submission.Accepted || answer instanceof Submission.Full);
                QueueSnapshot now = look();
                assertTrue(now.depth() <= now.capacity(), now::toString);
              }
            });
      }
      scope.start(
          "targets",
          () -> {
            QueueSnapshot now = look();
            while (now.accepted() + now.refused() < submitters * each || now.depth() > 0) {
              Incoming call = target.calls().tryReceive();
              if (call != null) {
                call.answer(200);
              }
              now = look();
            }
          });
      scope.join();
    }
    QueueSnapshot end = look();
    assertEquals(end.accepted(), end.succeeded());
    assertEquals(submitters * each, end.accepted() + end.refused());
  }

  @Test
  void drainingFinishesWhatWasAcceptedAndRefusesWhatComes() throws InterruptedException {
    start(store);
    List<UUID> ids = List.of(submitted("a"), submitted("b"), submitted("c"));
    Incoming first = target.calls().receive();
    pool.drain();
    awaitDraining();
    assertEquals(new Submission.Draining(), send(submit("late")).reply().await());
    assertEquals(JobState.RUNNING, get(first.job().id()).state(), "looking still works");

    first.answer(200);
    target.calls().receive().answer(200);
    target.calls().receive().answer(404);
    processes.join();
    assertEquals(List.of(), store.kept);
    assertThrows(ChannelClosedException.class, () -> send(submit("too-late")));
    assertEquals(3, ids.size());
  }

  @Test
  void whatIsUnfinishedAtTheEndRunsAgainAfterTheNextStart(@TempDir Path directory)
      throws Exception {
    Path spool = directory.resolve("spool.jsonl");
    start(new FileJobStore(spool));
    UUID done = submitted("done");
    target.calls().receive().answer(200);
    UUID retrying = submitted("retrying");
    target.calls().receive().answer(503, "60");
    UUID running = accepted(send(slow("running")));
    target.calls().receive();
    awaitState(retrying, JobState.RETRYING);

    pool.drain();
    awaitDraining();
    advance(SETTINGS.finishWithin().minus(BEAT));
    clock.advance(BEAT);
    processes.join();
    assertEquals(List.of(retrying, running), ids(new FileJobStore(spool).load()));

    start(new FileJobStore(spool));
    assertEquals(Optional.empty(), find(done));
    Incoming first = target.calls().receive();
    assertEquals(running, first.job().id());
    assertEquals(1, first.attempt(), "what was broken off does not count");
    first.answer(200);
    awaitState(running, JobState.SUCCEEDED);
    assertTrue(Files.exists(spool), "after a crash now, both would run again");

    advance(Duration.ofSeconds(40));
    Incoming second = target.calls().receive();
    assertEquals(retrying, second.job().id());
    assertEquals(2, second.attempt());
    second.answer(200);
    awaitState(retrying, JobState.SUCCEEDED);
    assertTrue(Files.notExists(spool), "all of it is done");
  }

  @Test
  void whenTheProcessesAreCancelledNothingAcceptedIsLost() throws InterruptedException {
    start(store);
    List<UUID> ids = List.of(submitted("a"), submitted("b"), submitted("c"));
    target.calls().receive();
    processes.close();

    assertEquals(ids, ids(store.kept));
  }

  private void start(JobStore from) throws InterruptedException {
    if (root != null) {
      root.close();
    }
    root = Scope.open("pool", clock);
    monitor = HeartbeatMonitor.start(root, "heartbeats", BEAT);
    processes = root.child("processes");
    pool = WorkerPool.start(processes, monitor, SETTINGS, target, from, new SplittableRandom(1));
    clock.awaitAlarms(ALARMS);
  }

  /** Moves the clock on by half beats, letting every process beat at each. */
  private void advance(Duration by) throws InterruptedException {
    advance(by, ALARMS);
  }

  private void advance(Duration by, int alarms) throws InterruptedException {
    Duration left = by;
    while (left.isPositive()) {
      Duration step = left.compareTo(BEAT.dividedBy(2)) < 0 ? left : BEAT.dividedBy(2);
      clock.advance(step);
      clock.awaitAlarms(alarms);
      monitor.pulses().await();
      left = left.minus(step);
    }
  }

  /** One whose attempt may take ten minutes. */
  private static Submit slow(String path) {
    return new Submit(
        call(path), 1, Duration.ofMinutes(10), Duration.ZERO, Duration.ZERO, new Reply<>());
  }

  private Submit send(Submit request) {
    assertTrue(pool.trySend(request));
    return request;
  }

  private UUID submitted(String path) throws InterruptedException {
    return accepted(send(submit(path)));
  }

  private static UUID accepted(Submit request) throws InterruptedException {
    return assertInstanceOf(Submission.Accepted.class, request.reply().await()).id();
  }

  private Optional<JobSnapshot> find(UUID id) throws InterruptedException {
    var reply = new Reply<Optional<JobSnapshot>>();
    assertTrue(pool.trySend(new GetJob(id, reply)));
    return reply.await();
  }

  private JobSnapshot get(UUID id) throws InterruptedException {
    return find(id).orElseThrow();
  }

  private QueueSnapshot look() throws InterruptedException {
    var reply = new Reply<QueueSnapshot>();
    assertTrue(pool.trySend(new GetQueue(reply)));
    return reply.await();
  }

  /** Asks until it is so; each question waits for its answer. */
  private void awaitState(UUID id, JobState state) throws InterruptedException {
    while (get(id).state() != state) {
      Thread.onSpinWait();
    }
  }

  private void awaitDraining() throws InterruptedException {
    while (!look().draining()) {
      Thread.onSpinWait();
    }
  }

  private List<String> stuck() throws InterruptedException {
    return monitor.pulses().await().stream().filter(Pulse::stuck).map(Pulse::name).toList();
  }

  private static List<UUID> ids(List<UnfinishedJob> jobs) {
    return jobs.stream().map(each -> each.job().id()).toList();
  }
}
