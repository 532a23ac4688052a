package dev.sluice.pool.process;

import static dev.sluice.pool.process.PoolFixture.SECOND;
import static dev.sluice.pool.process.PoolFixture.job;
import static dev.sluice.pool.process.PoolFixture.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Rate;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.Jobs;
import dev.sluice.pool.store.QueueDefaults;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers of pull queues that wait for jobs. */
@NoLeaks
@Timeout(60)
class LeaseLineTest {
  private static final Duration LONG = SECOND.multipliedBy(20);

  private PoolFixture all;

  @BeforeEach
  void start() throws InterruptedException {
    all = new PoolFixture();
  }

  @AfterEach
  void end() {
    all.close();
  }

  @Test
  void whoDoesNotWaitGetsWhatThereIs() throws InterruptedException {
    assertEquals(List.of(), all.lease("q", 5, Duration.ZERO).await());
    all.accepted(job("q", "a"));
    all.accepted(job("q", "b"));
    List<LeasedJob> jobs = all.lease("q", 5, Duration.ZERO).await();
    assertEquals(List.of("a", "b"), names(jobs));
    assertEquals(List.of(1, 1), jobs.stream().map(LeasedJob::attempt).toList());
    assertEquals(List.of(), all.lease("q", 5, Duration.ZERO).await());
  }

  @Test
  void whatIsTooMuchForOneIsForTheNext() throws InterruptedException {
    QueueSettings roomy = PoolFixture.settings(QueueSettings.Kind.PULL, 3, 2 * Jobs.LEASE_BYTES);
    assertTrue(all.pool.configure("q", roomy).await());
    Reply<List<LeasedJob>> first = all.lease("q", 5, LONG);
    Reply<List<LeasedJob>> second = all.lease("q", 5, LONG);
    all.settle();
    String half = "x".repeat((int) Jobs.LEASE_BYTES / 2);
    List<NewJob> large = List.of(job("q", half + "a"), job("q", half + "b"), job("q", half + "c"));
    all.pool.submitAll(large, Duration.ZERO).await();
    assertEquals(2, first.await().size());
    assertEquals(1, second.await().size());
  }

  @Test
  void thoseWhoWaitAreServedInTheOrderOfTheirComing() throws InterruptedException {
    Reply<List<LeasedJob>> first = all.lease("q", 1, LONG);
    Reply<List<LeasedJob>> second = all.lease("q", 5, LONG);
    all.settle();
    all.accepted(job("q", "a"));
    assertEquals(List.of("a"), names(first.await()));
    all.settle();
    assertFalse(second.isDone());
    all.accepted(job("q", "b"));
    assertEquals(List.of("b"), names(second.await()));
  }

  @Test
  void whoDoesNotWaitDoesNotOvertakeThoseWhoDo() throws InterruptedException {
    Reply<List<LeasedJob>> waiting = all.lease("q", 1, LONG);
    all.settle();
    assertEquals(List.of(), all.lease("q", 1, Duration.ZERO).await());
    all.accepted(job("q", "a"));
    assertEquals(List.of("a"), names(waiting.await()));
  }

  @Test
  void whoseWaitIsOverGetsNothing() throws InterruptedException {
    Reply<List<LeasedJob>> waiting = all.lease("q", 1, SECOND);
    all.jump(SECOND.minusNanos(1));
    assertFalse(waiting.isDone());
    all.jump(Duration.ofNanos(1));
    assertEquals(List.of(), waiting.await());
    assertEquals(0, all.pool.counts().await().waitingLeases());
  }

  @Test
  void whoHasGoneWhileWaitingGetsNoJob() throws InterruptedException {
    Reply<List<LeasedJob>> gone = all.lease("q", 1, LONG);
    Reply<List<LeasedJob>> next = all.lease("q", 1, LONG);
    all.settle();
    gone.abandon();
    UUID id = all.accepted(job("q", "a"));
    assertEquals(List.of("a"), names(next.await()));
    assertEquals(1, all.get(id).attempts().size() + 1, "it was handed out once");
  }

  @Test
  void jobsForOneWhoHasGoneMeanwhileGoToTheNext() throws InterruptedException {
    // Whether it goes before or after its jobs are leased is left to chance; nobody must see it.
    for (int i = 0; i < 200; i++) {
      Reply<List<LeasedJob>> gone = all.lease("q", 1, LONG);
      Reply<List<LeasedJob>> next = all.lease("q", 1, LONG);
      UUID id = all.accepted(job("q", "a"));
      boolean went = gone.abandon();
      LeasedJob job = (went ? next : gone).await().getFirst();
      assertEquals(List.of(id, 1), List.of(job.id(), job.attempt()));
      assertInstanceOf(Steered.Done.class, done(job));
      next.abandon();
    }
  }

  @Test
  void aDelayedJobWakesWhoWaitsWhenItIsDue() throws InterruptedException {
    all.accepted(delayed("q", SECOND));
    Reply<List<LeasedJob>> waiting = all.lease("q", 1, LONG);
    all.jump(SECOND.minusMillis(1));
    assertFalse(waiting.isDone());
    all.jump(Duration.ofMillis(1));
    assertEquals(List.of("later"), names(waiting.await()));
  }

  @Test
  void aLeaseThatRanOutGoesToWhoWaitsAndTheLateAckIsRefused() throws InterruptedException {
    all.accepted(job("q", "a"));
    LeasedJob first = all.lease("q", 1, Duration.ZERO).await().getFirst();
    Reply<List<LeasedJob>> waiting = all.lease("q", 1, SECOND.multipliedBy(60));
    all.jump(SECOND.multipliedBy(30).minusMillis(1));
    assertFalse(waiting.isDone());
    all.jump(Duration.ofMillis(1));
    LeasedJob second = waiting.await().getFirst();
    assertEquals(List.of(first.id(), 2), List.of(second.id(), second.attempt()));

    assertEquals(new Steered.Refused(JobState.RUNNING), done(first));
    assertEquals(new Steered.Done(JobState.SUCCEEDED), done(second));
  }

  @Test
  void anExtendedLeaseLastsSoMuchLonger() throws InterruptedException {
    all.accepted(job("q", "a"));
    LeasedJob job = all.lease("q", 1, Duration.ZERO).await().getFirst();
    all.jump(SECOND.multipliedBy(29));
    assertEquals(
        new Steered.Extended(all.clock.instant().plus(SECOND.multipliedBy(30))),
        all.pool.extend(job.id(), job.lease(), null, null).await());
    all.jump(SECOND.multipliedBy(29));
    assertEquals(new Steered.Done(JobState.SUCCEEDED), done(job));
  }

  @Test
  void aPausedQueueHandsOutNothingUntilItIsResumed() throws InterruptedException {
    all.accepted(job("q", "a"));
    assertTrue(all.pool.pause("q", true).await());
    Reply<List<LeasedJob>> waiting = all.lease("q", 1, LONG);
    all.accepted(job("q", "b"));
    all.settle();
    assertFalse(waiting.isDone());
    assertTrue(all.pool.pause("q", false).await());
    assertEquals(List.of("a"), names(waiting.await()));
  }

  @Test
  void aRateIsKeptAndNothingOfItIsLost() throws InterruptedException {
    assertTrue(all.pool.configure("q", limited(new Rate(1, SECOND, 2))).await());
    for (String name : List.of("a", "b", "c")) {
      all.accepted(job("q", name));
    }
    assertEquals(List.of("a", "b"), names(all.lease("q", 5, Duration.ZERO).await()));
    assertEquals(List.of(), all.lease("q", 5, Duration.ZERO).await());
    Reply<List<LeasedJob>> waiting = all.lease("q", 5, LONG);
    all.jump(SECOND.minusNanos(1));
    assertFalse(waiting.isDone());
    all.jump(Duration.ofNanos(1));
    assertEquals(List.of("c"), names(waiting.await()));

    all.jump(SECOND.multipliedBy(2));
    assertEquals(List.of(), all.lease("q", 5, Duration.ZERO).await(), "takes nothing");
    all.accepted(job("q", "d"));
    all.accepted(job("q", "e"));
    assertEquals(List.of("d", "e"), names(all.lease("q", 5, Duration.ZERO).await()));
  }

  @Test
  void asManyWaitAsMayAndTheNextIsRefused() throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      all.lease("q", 1, LONG);
    }
    assertEquals(
        new RefusedException.Reason.Overloaded("workers that wait for jobs"),
        assertThrows(RefusedException.class, () -> all.lease("r", 1, LONG).await()).reason());
  }

  @Test
  void jobsOfAPushQueueAreNotForWorkersOutside() {
    assertEquals(
        new RefusedException.Reason.PushQueue(QueueDefaults.PUSH),
        assertThrows(
                RefusedException.class,
                () -> all.lease(QueueDefaults.PUSH, 1, Duration.ZERO).await())
            .reason());
  }

  @Test
  void drainingRefusesThoseWhoWaitAndTakesAcks() throws InterruptedException {
    all.accepted(job("q", "a"));
    LeasedJob job = all.lease("q", 1, Duration.ZERO).await().getFirst();
    UUID busy = all.accepted(PoolFixture.call("busy"));
    var call = all.target.calls().receive();
    Reply<List<LeasedJob>> waiting = all.lease("q", 1, LONG);
    all.settle();
    all.pool.drain();
    assertEquals(
        new RefusedException.Reason.Draining(),
        assertThrows(RefusedException.class, waiting::await).reason());
    assertEquals(new Steered.Done(JobState.SUCCEEDED), done(job));
    assertEquals(busy, call.job().id());
    call.answer(200);
    all.processes.join();
    assertThrows(RefusedException.class, () -> done(job));
  }

  @Test
  void jobsOfAGroupAreHandedOutOneAfterTheOther() throws InterruptedException {
    all.accepted(grouped("a"));
    all.accepted(grouped("b"));
    LeasedJob first = all.lease("q", 5, Duration.ZERO).await().getFirst();
    Reply<List<LeasedJob>> waiting = all.lease("q", 5, LONG);
    all.settle();
    assertFalse(waiting.isDone());
    done(first);
    assertEquals(List.of("b"), names(waiting.await()));
  }

  private Steered done(LeasedJob job) throws InterruptedException {
    return all.pool.end(job.id(), job.lease(), new Verdict.Succeeded(null, null)).await();
  }

  private static NewJob delayed(String queue, Duration delay) {
    NewJob plain = job(queue, "later");
    return new NewJob(
        queue,
        plain.payload(),
        null,
        plain.priority(),
        delay,
        null,
        null,
        plain.terms(),
        null,
        null,
        null);
  }

  private static NewJob grouped(String name) {
    NewJob plain = job("q", name);
    return new NewJob(
        "q",
        plain.payload(),
        null,
        plain.priority(),
        plain.delay(),
        null,
        null,
        plain.terms(),
        null,
        "g",
        null);
  }

  private static QueueSettings limited(Rate rate) {
    QueueSettings plain = PoolFixture.PULL;
    return new QueueSettings(
        plain.kind(),
        10,
        plain.capacityBytes(),
        plain.workers(),
        plain.lease(),
        plain.terms(),
        rate,
        plain.hostWorkers(),
        null,
        null,
        null,
        false,
        plain.idempotencyWindow(),
        plain.keepSucceeded(),
        plain.keepFailed());
  }
}
