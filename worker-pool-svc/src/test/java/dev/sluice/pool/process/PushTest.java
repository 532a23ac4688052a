package dev.sluice.pool.process;

import static dev.sluice.pool.process.PoolFixture.BEAT;
import static dev.sluice.pool.process.PoolFixture.SECOND;
import static dev.sluice.pool.process.PoolFixture.SETTINGS;
import static dev.sluice.pool.process.PoolFixture.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.Breaker;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Rate;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Terms;
import dev.sluice.pool.process.ScriptedTarget.Incoming;
import dev.sluice.pool.store.JobDriver;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.Jobs;
import dev.sluice.pool.store.QueueDefaults;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of push queues, from their submit to the end of their calls. */
@NoLeaks
@Timeout(60)
class PushTest {
  private static final PoolSettings DURABLE =
      new PoolSettings(
          2,
          1024,
          4,
          1_000,
          3,
          2,
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          false,
          Duration.ofSeconds(20),
          Duration.ofSeconds(2));

  private static final JobStore.News QUEUES_CHANGED =
      new JobStore.News(Set.of(), Set.of(), Set.of(), true, false);

  private @Nullable PoolFixture all;

  @AfterEach
  void end() {
    if (all != null) {
      all.close();
    }
  }

  @Test
  void aSubmittedJobIsCalledAndItsResultKept() throws InterruptedException {
    start();
    UUID id = all.accepted(call("job"));
    Incoming call = all.target.calls().receive();
    assertEquals(List.of(id, 1), List.of(call.job().id(), call.job().attempt()));
    assertEquals(JobState.RUNNING, all.get(id).state());

    call.answer(ScriptedTarget.result(201, "{\"n\":1}"));
    JobView done = all.awaitState(id, JobState.SUCCEEDED);
    assertEquals(201, done.attempts().getFirst().status());
    assertEquals("{\"n\":1}", done.result().text());
  }

  @Test
  void asManyCallsRunAtOnceAsThereAreWorkersAndTheRestStaysInTheEngine()
      throws InterruptedException {
    start();
    for (int i = 0; i < 5; i++) {
      all.accepted(call("job"));
    }
    Incoming first = all.target.calls().receive();
    all.target.calls().receive();
    all.settle();
    assertNull(all.target.calls().tryReceive());
    QueueLook look = all.pool.queue(QueueDefaults.PUSH).await().orElseThrow();
    assertEquals(List.of(2L, 3L), List.of(look.counts().running(), look.counts().queued()));
    assertEquals(2, look.calls());

    first.answer(200);
    all.target.calls().receive();
  }

  @Test
  void theNextIsCalledThoughTheFirstWasEnoughToFetchAtOnce() throws InterruptedException {
    start();
    QueueSettings roomy = PoolFixture.settings(QueueSettings.Kind.PUSH, 3, 3 * Jobs.LEASE_BYTES);
    assertTrue(all.pool.configure(QueueDefaults.PUSH, roomy).await());
    NewJob large = call("x".repeat((int) Jobs.LEASE_BYTES));
    all.pool.submitAll(List.of(large, large), Duration.ZERO).await();
    all.target.calls().receive();
    all.target.calls().receive();
  }

  @Test
  void aFailedCallIsMadeAgainAfterItsBackoff() throws InterruptedException {
    start();
    UUID id = all.accepted(call("job"));
    all.target.calls().receive().fail("cannot connect");
    assertEquals(
        "cannot connect", all.awaitState(id, JobState.RETRYING).attempts().getFirst().error());

    all.jump(Duration.ofMillis(99));
    assertNull(all.target.calls().tryReceive());
    all.jump(Duration.ofMillis(1));
    Incoming second = all.target.calls().receive();
    assertEquals(2, second.job().attempt());
    second.refuse("private");
    assertEquals("private", all.awaitState(id, JobState.FAILED).error());
  }

  @Test
  void theTargetsRetryAfterIsHonoured() throws InterruptedException {
    start();
    UUID id = all.accepted(call("job"));
    all.target.calls().receive().answer(new Target.Answer(503, "7", null));
    JobView waits = all.awaitState(id, JobState.RETRYING);
    assertEquals(all.clock.instant().plusSeconds(7), waits.nextAttemptAt());
    all.advance(SECOND.multipliedBy(7));
    all.target.calls().receive().answer(200);
    all.awaitState(id, JobState.SUCCEEDED);
  }

  @Test
  void aCallIsBrokenOffAtItsTimeout() throws InterruptedException {
    start();
    UUID id = all.accepted(call("job"));
    Incoming call = all.target.calls().receive();
    all.advance(SECOND.multipliedBy(9));
    assertEquals(JobState.RUNNING, all.get(id).state());

    all.clock.advance(SECOND);
    assertEquals(call, all.target.brokenOff().receive());
    JobView job = all.awaitState(id, JobState.RETRYING);
    assertEquals("no answer within 10000ms", job.attempts().getFirst().error());
  }

  @Test
  void aCallIsBrokenOffAtTheJobsDeadlineWhichIsItsEnd() throws InterruptedException {
    start();
    UUID id = all.accepted(until(call("job"), all.clock.instant().plusSeconds(3)));
    Incoming call = all.target.calls().receive();
    all.advance(SECOND.multipliedBy(3));
    assertEquals(call, all.target.brokenOff().receive());
    all.awaitState(id, JobState.FAILED);
  }

  @Test
  void aFaultInTheTargetFailsItsJobAndNothingElse() throws InterruptedException {
    start();
    UUID id = all.accepted(call("job"));
    all.target
        .calls()
        .receive()
        .ending()
        .complete(() -> {
          throw new IllegalStateException("a bug");
        });
    assertEquals(
        "the call could not be made: java.lang.IllegalStateException: a bug",
        all.awaitState(id, JobState.FAILED).error());

    all.accepted(call("next"));
    all.target.calls().receive().answer(200);
  }

  @Test
  void theCallOfACancelledJobIsBrokenOff() throws InterruptedException {
    start();
    UUID id = all.accepted(call("job"));
    Incoming call = all.target.calls().receive();
    assertEquals(new Steered.Done(JobState.CANCELLED), all.pool.cancel(id).await());
    assertEquals(call, all.target.brokenOff().receive());
    all.settle();
    assertEquals(JobState.CANCELLED, all.get(id).state());

    UUID next = all.accepted(call("next"));
    all.target.calls().receive().answer(200);
    all.awaitState(next, JobState.SUCCEEDED);
  }

  @Test
  void aSlowTargetIsNoReasonForAlarmAndItsJobIsNotGivenToAnother() throws InterruptedException {
    start();
    UUID id = all.accepted(slow(QueueDefaults.PUSH, "slow"));
    Incoming call = all.target.calls().receive();
    all.advance(Duration.ofMinutes(10).minus(BEAT));
    assertEquals(List.of(), stuck());
    assertNull(all.target.calls().tryReceive());
    assertEquals(JobState.RUNNING, all.get(id).state());
    call.answer(200);
    all.awaitState(id, JobState.SUCCEEDED);
  }

  @Test
  void ofAHostOnlySoManyCallsRunAndOthersGoPastIt() throws InterruptedException {
    start();
    configure(hosts(4, 1, null, null));
    UUID first = all.accepted(call("push", "http://a.example/1"));
    UUID second = all.accepted(call("push", "http://a.example/2"));
    UUID other = all.accepted(call("push", "http://b.example/1"));
    Incoming a = all.target.calls().receive();
    Incoming b = all.target.calls().receive();
    assertEquals(List.of(first, other), List.of(a.job().id(), b.job().id()));
    assertEquals(1, all.pool.counts().await().held());

    a.answer(200);
    assertEquals(second, all.target.calls().receive().job().id());
  }

  @Test
  void theJobsOfABusyHostKeepTheirOrder() throws InterruptedException {
    start();
    configure(hosts(4, 1, null, null));
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(all.accepted(call("push", "http://a.example/" + i)));
    }
    for (UUID id : ids) {
      Incoming next = all.target.calls().receive();
      assertEquals(id, next.job().id());
      next.answer(200);
    }
  }

  @Test
  void aHostsRateIsKept() throws InterruptedException {
    start();
    configure(hosts(4, 4, new Rate(1, SECOND, 1), null));
    all.accepted(call("one"));
    all.accepted(call("two"));
    all.target.calls().receive().answer(200);
    all.jump(SECOND.minusNanos(1));
    assertNull(all.target.calls().tryReceive());
    all.jump(Duration.ofNanos(1));
    assertEquals("two", all.target.calls().receive().path());
  }

  @Test
  void aHostThatKeepsFailingIsLeftAloneAndTriedWithOneCall() throws InterruptedException {
    start();
    configure(hosts(4, 4, null, new Breaker(2, Duration.ofSeconds(10))));
    all.accepted(call("one"));
    all.target.calls().receive().answer(500);
    all.accepted(call("two"));
    all.target.calls().receive().answer(500);
    all.settle();
    assertEquals(
        List.of("a.example"),
        all.pool.queue(QueueDefaults.PUSH).await().orElseThrow().openBreakers());
    all.accepted(call("three"));
    UUID well = all.accepted(call("push", "http://b.example/four"));
    Incoming other = all.target.calls().receive();
    assertEquals(well, other.job().id());
    other.answer(200);

    all.advance(Duration.ofSeconds(9));
    assertNull(all.target.calls().tryReceive());
    all.advance(Duration.ofSeconds(1));
    Incoming trial = all.target.calls().receive();
    all.settle();
    assertNull(all.target.calls().tryReceive(), "one at first");
    trial.answer(200);
    all.target.calls().receive().answer(200);
    all.target.calls().receive().answer(200);
  }

  @Test
  void manyForAnOpenHostDoNotHoldUpThoseBehindThem() throws InterruptedException {
    start();
    configure(hosts(2, 2, null, new Breaker(1, Duration.ofMinutes(1))));
    all.accepted(call("fails"));
    all.target.calls().receive().answer(500);
    all.settle();
    for (int i = 0; i < 20; i++) {
      all.accepted(call("in-the-way"));
    }
    UUID well = all.accepted(call("push", "http://b.example/well"));
    Incoming other = all.target.calls().receive();
    assertEquals(well, other.job().id());
    assertTrue(all.pool.counts().await().events().handedBack() >= 20);
  }

  @Test
  void manyForABusyHostAreLookedPastAtABoundedPace() throws InterruptedException {
    start();
    configure(hosts(2, 1, null, null));
    for (int i = 0; i < 6; i++) {
      all.accepted(slow(QueueDefaults.PUSH, "busy"));
    }
    UUID well = all.accepted(call("push", "http://b.example/well"));
    all.target.calls().receive();
    all.settle();
    long before = all.pool.counts().await().events().handedBack();
    all.settle();
    assertEquals(before, all.pool.counts().await().events().handedBack(), "not without time");

    Incoming other = null;
    for (int i = 0; i < 20 && other == null; i++) {
      all.jump(Duration.ofMillis(50));
      other = all.target.calls().tryReceive();
    }
    assertEquals(well, other.job().id());
  }

  @Test
  void queuesWhoseHostsAreLeftAloneDoNotKeepOthersFromCalling() throws InterruptedException {
    start();
    QueueSettings fragile = hosts(2, 2, null, new Breaker(1, SECOND.multipliedBy(20)));
    for (String queue : List.of("dead1", "dead2", "dead3", "dead4")) {
      assertTrue(all.pool.configure(queue, fragile).await());
      UUID failed = all.accepted(call(queue, "http://" + queue + ".example/"));
      all.target.calls().receive().fail("cannot connect");
      all.awaitState(failed, JobState.RETRYING);
      all.accepted(call(queue, "http://" + queue + ".example/"));
      all.accepted(call(queue, "http://" + queue + ".example/"));
      all.settle();
    }
    assertTrue(all.pool.counts().await().held() >= 4);
    UUID well = all.accepted(call("well"));
    assertEquals(well, all.target.calls().receive().job().id());
  }

  @Test
  void aQueuesWorkersAreItsOwnLimit() throws InterruptedException {
    start();
    configure(hosts(1, 4, null, null));
    all.accepted(call("one"));
    all.accepted(call("two"));
    Incoming first = all.target.calls().receive();
    all.settle();
    assertNull(all.target.calls().tryReceive());
    configure(hosts(2, 4, null, null));
    all.target.calls().receive();
    first.answer(200);
  }

  @Test
  void aPausedQueueBeginsNoCallUntilItIsResumed() throws InterruptedException {
    start();
    assertTrue(all.pool.pause(QueueDefaults.PUSH, true).await());
    all.accepted(call("job"));
    all.settle();
    assertNull(all.target.calls().tryReceive());
    assertTrue(all.pool.pause(QueueDefaults.PUSH, false).await());
    all.target.calls().receive().answer(200);
  }

  @Test
  void aQueueThatAnotherInstanceHasResumedIsServed() throws InterruptedException {
    start();
    assertTrue(all.pool.pause(QueueDefaults.PUSH, true).await());
    all.accepted(call("job"));
    all.settle();
    pauseElsewhere(false);
    all.settle();
    assertNull(all.target.calls().tryReceive());
    all.engine.tell(QUEUES_CHANGED);
    all.target.calls().receive().answer(200);
  }

  @Test
  void whatIsHeldOfAQueueThatAnotherInstanceHasPausedIsNotCalled() throws InterruptedException {
    start();
    configure(hosts(2, 1, null, null));
    all.accepted(call("one"));
    UUID held = all.accepted(call("two"));
    Incoming first = all.target.calls().receive();
    all.awaitState(held, JobState.RUNNING);
    pauseElsewhere(true);
    all.engine.tell(QUEUES_CHANGED);
    all.awaitState(held, JobState.QUEUED);
    first.answer(200);
    all.settle();
    assertNull(all.target.calls().tryReceive());
  }

  /** The pool hears nothing of it by itself. */
  private void pauseElsewhere(boolean paused) {
    var other = new JobDriver(all.engine.real());
    boolean done = other.on(QueueDefaults.PUSH, jobs -> jobs.pause(QueueDefaults.PUSH, paused));
    assertTrue(done);
  }

  @Test
  void aJobThatNoWorkerIsFreeForKeepsItsAttempts() throws InterruptedException {
    start();
    assertTrue(all.pool.configure("slow", PoolFixture.PUSH).await());
    all.accepted(slow("slow", "one"));
    all.accepted(slow("slow", "two"));
    List<Incoming> slow = List.of(all.target.calls().receive(), all.target.calls().receive());
    UUID waiting = all.accepted(call("job"));
    all.awaitState(waiting, JobState.RUNNING);
    all.advance(Duration.ofMinutes(3));
    assertEquals(List.of(), all.get(waiting).attempts());

    slow.forEach(each -> each.answer(200));
    Incoming call = all.target.calls().receive();
    assertEquals(List.of(waiting, 1), List.of(call.job().id(), call.job().attempt()));
    call.answer(200);
  }

  @Test
  void aQueuesSecretGoesWithTheCall() throws InterruptedException {
    start();
    configure(secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    all.accepted(call("job"));
    assertEquals("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", all.target.calls().receive().secret());
  }

  @Test
  void aCallThatDoesNotEndWhenItIsBrokenOffIsFoundAndItsWorkerNamed() throws InterruptedException {
    all = new PoolFixture(SETTINGS, null, new ScriptedTarget(false));
    UUID id = all.accepted(call("job"));
    Incoming call = all.target.calls().receive();
    all.advance(call.job().terms().timeout().plus(SETTINGS.hungAfter()).minus(BEAT));
    assertEquals(call, all.target.brokenOff().receive());
    assertNull(all.monitor.stuck().tryReceive(), "it may still end");

    for (int i = 0; i < 8; i++) {
      all.clock.awaitAlarms(3 + SETTINGS.workers() - (i < 2 ? 0 : 1));
      all.clock.advance(BEAT.dividedBy(2));
      all.monitor.pulses().await();
    }
    String hung = all.monitor.stuck().receive().name();
    assertTrue(hung.equals("worker-0") || hung.equals("worker-1"), hung);
    assertEquals(JobState.RUNNING, all.get(id).state());

    all.target.release();
    JobView job = all.awaitState(id, JobState.RETRYING);
    assertEquals("no answer within 10000ms", job.attempts().getFirst().error());
  }

  // The end

  @Test
  void inMemoryDrainingFinishesWhatWasAcceptedRetriesIncluded() throws InterruptedException {
    start();
    for (String path : List.of("a", "b", "c")) {
      all.accepted(call(path));
    }
    Incoming first = all.target.calls().receive();
    all.pool.drain();
    first.answer(500);
    all.target.calls().receive().answer(200);
    all.target.calls().receive().answer(200);
    all.awaitState(first.job().id(), JobState.RETRYING);
    all.jump(Duration.ofMillis(100));
    Incoming again = all.target.calls().receive();
    assertEquals(first.job().id(), again.job().id());
    again.answer(200);
    all.processes.join();
  }

  @Test
  void aDurableQueueIsLeftToTheNextStartWhileDraining(@TempDir Path directory)
      throws InterruptedException {
    Path file = directory.resolve("jobs.db");
    all = new PoolFixture(DURABLE, file);
    List<UUID> ids = new ArrayList<>();
    for (String path : List.of("a", "b", "c")) {
      ids.add(all.accepted(call(path)));
    }
    Incoming first = all.target.calls().receive();
    Incoming second = all.target.calls().receive();
    all.pool.drain();
    first.answer(200);
    all.awaitState(first.job().id(), JobState.SUCCEEDED);
    assertNull(all.target.calls().tryReceive(), "nothing new is begun");
    second.answer(200);
    all.processes.join();
    all.close();

    all = new PoolFixture(DURABLE, file);
    Incoming third = all.target.calls().receive();
    assertEquals(List.of(ids.get(2), 1), List.of(third.job().id(), third.job().attempt()));
    third.answer(200);
    all.awaitState(ids.get(2), JobState.SUCCEEDED);
    assertEquals(JobState.SUCCEEDED, all.get(ids.get(0)).state());
  }

  @Test
  void whatDoesNotEndInTimeIsHandedBackAndTheAttemptNotCounted(@TempDir Path directory)
      throws InterruptedException {
    Path file = directory.resolve("jobs.db");
    all = new PoolFixture(DURABLE, file);
    UUID id = all.accepted(slow(QueueDefaults.PUSH, "slow"));
    Incoming call = all.target.calls().receive();
    all.pool.drain();
    all.advance(DURABLE.finishWithin().minus(BEAT));
    assertNull(all.target.brokenOff().tryReceive());
    all.clock.advance(BEAT);
    assertEquals(call, all.target.brokenOff().receive());
    all.processes.join();
    all.close();

    all = new PoolFixture(DURABLE, file);
    Incoming again = all.target.calls().receive();
    assertEquals(List.of(id, 1), List.of(again.job().id(), again.job().attempt()));
    assertEquals(0, all.get(id).attemptsMade());
  }

  @Test
  void whoDoesNotHandBackInTimeIsNotWaitedFor() throws InterruptedException {
    all = new PoolFixture(DURABLE, null, new ScriptedTarget(false));
    all.accepted(slow(QueueDefaults.PUSH, "hangs"));
    all.target.calls().receive();
    all.pool.drain();
    all.advance(DURABLE.finishWithin());
    all.target.brokenOff().receive();
    assertFalse(dispatcherHasEnded());
    all.settle();
    all.clock.advance(DURABLE.handBackWithin());
    while (!dispatcherHasEnded()) {
      Thread.onSpinWait();
    }
  }

  private boolean dispatcherHasEnded() throws InterruptedException {
    try {
      all.pool.counts().await();
      return false;
    } catch (RefusedException refused) {
      return true;
    }
  }

  private void start() throws InterruptedException {
    all = new PoolFixture();
  }

  private void configure(QueueSettings settings) throws InterruptedException {
    assertTrue(all.pool.configure(QueueDefaults.PUSH, settings).await());
  }

  private static QueueSettings hosts(
      int workers, int hostWorkers, @Nullable Rate hostRate, @Nullable Breaker breaker) {
    return settings(workers, hostWorkers, hostRate, breaker, null);
  }

  private static QueueSettings secret(String secret) {
    return settings(2, 2, null, null, secret);
  }

  private static QueueSettings settings(
      int workers,
      int hostWorkers,
      @Nullable Rate hostRate,
      @Nullable Breaker breaker,
      @Nullable String secret) {
    QueueSettings plain = PoolFixture.PUSH;
    return new QueueSettings(
        plain.kind(),
        plain.capacity(),
        plain.capacityBytes(),
        workers,
        plain.lease(),
        plain.terms(),
        null,
        hostWorkers,
        hostRate,
        breaker,
        secret,
        false,
        plain.idempotencyWindow(),
        plain.keepSucceeded(),
        plain.keepFailed());
  }

  private static NewJob until(NewJob job, Instant deadline) {
    return new NewJob(
        job.queue(),
        job.payload(),
        job.call(),
        job.priority(),
        job.delay(),
        null,
        deadline,
        job.terms(),
        null,
        null,
        null);
  }

  /** One whose attempt may take ten minutes. */
  private static NewJob slow(String queue, String path) {
    NewJob job = call(queue, "http://a.example/" + path);
    var terms = new Terms(1, Duration.ofMinutes(10), job.terms().backoff());
    return new NewJob(
        job.queue(),
        job.payload(),
        job.call(),
        job.priority(),
        job.delay(),
        null,
        null,
        terms,
        null,
        null,
        null);
  }

  private List<String> stuck() throws InterruptedException {
    return all.monitor.pulses().await().stream().filter(Pulse::stuck).map(Pulse::name).toList();
  }
}
