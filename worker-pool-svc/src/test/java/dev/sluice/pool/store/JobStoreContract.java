package dev.sluice.pool.store;

import static dev.sluice.pool.store.TestJobs.CAPACITY;
import static dev.sluice.pool.store.TestJobs.CAPACITY_BYTES;
import static dev.sluice.pool.store.TestJobs.KEEP_FAILED;
import static dev.sluice.pool.store.TestJobs.KEEP_SUCCEEDED;
import static dev.sluice.pool.store.TestJobs.LEASE;
import static dev.sluice.pool.store.TestJobs.MAX_QUEUES;
import static dev.sluice.pool.store.TestJobs.TERMS;
import static dev.sluice.pool.store.TestJobs.WINDOW;
import static dev.sluice.pool.store.TestJobs.job;
import static dev.sluice.pool.store.TestJobs.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.pool.model.Attempt;
import dev.sluice.pool.model.Breaker;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.Debounce;
import dev.sluice.pool.model.JobFilter;
import dev.sluice.pool.model.JobPage;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.QueueView;
import dev.sluice.pool.model.Rate;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.JobStore.Work;
import dev.sluice.pool.store.TestJobs.Wish;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every engine does. Its defaults are {@link TestJobs#DEFAULTS}; its time stands still but for
 * {@link #pass}.
 */
public abstract class JobStoreContract {
  protected static final String QUEUE = "orders";

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Verdict DONE = new Verdict.Succeeded(null, null);
  private static final Verdict RETRY = new Verdict.Retry(500, "broken", Duration.ZERO, true);
  private static final Verdict HOPELESS = new Verdict.Failed(404, "no such thing", null);

  private final Map<UUID, LeasedJob> held = new HashMap<>();
  private long number;

  /** Of a process; another one each time that it is opened. */
  protected abstract JobDriver driver();

  /** Of a second process of the same engine. */
  protected abstract JobDriver otherDriver();

  protected abstract void pass(Duration time);

  // Submit

  @Test
  void aJobIsThereWithAllThatWasSubmitted() {
    Instant deadline = now().plus(HOUR);
    byte[] bytes = {0, -1, 7, 0, 'x'};
    var payload = new Payload(Payload.Form.BYTES, bytes);
    UUID id =
        accept(
            job("push")
                .payload(payload)
                .call(TestJobs.call())
                .high()
                .group("g")
                .deadline(deadline)
                .delay(SECOND));

    assertEquals(
        new JobView(
            id,
            "push",
            JobState.SCHEDULED,
            NewJob.Priority.HIGH,
            "g",
            TestJobs.call(),
            payload,
            TERMS,
            0,
            List.of(),
            null,
            null,
            null,
            null,
            now(),
            now().plus(SECOND),
            deadline,
            null,
            null),
        view(id));
    assertEquals(Optional.empty(), driver().on(jobs -> jobs.find(new UUID(1, 1))));
  }

  @Test
  void aChangeIsToldBeforeTheOutcome() {
    var order = new ArrayList<String>();
    UUID id = id();
    driver().changes();
    driver()
        .submit(
            new Subject.Queue(QUEUE),
            jobs -> jobs.submit(job(QUEUE).job(), id),
            outcome -> order.add(driver().changes().size() + " before " + outcome.getClass()));
    driver().store().flush();
    driver().awaitAll();
    assertEquals(List.of("1 before " + Outcome.Done.class), order);
  }

  @Test
  void aQueueThatIsOnlyThereAsItIsPausedGoesWhenItIsResumed() {
    driver().on("paused", jobs -> jobs.pause("paused", true));
    assertTrue(driver().on(jobs -> jobs.queue("paused")).orElseThrow().paused());
    assertTrue(says("paused", jobs -> jobs.pause("paused", false)));
    assertEquals(Optional.empty(), driver().on(jobs -> jobs.queue("paused")));
  }

  @Test
  void workThatThrowsFailsAlone() {
    var told = new ArrayList<String>();
    for (String name : List.of("before", "bad", "after")) {
      UUID id = id();
      driver()
          .submit(
              new Subject.Queue(QUEUE),
              jobs -> {
                Submitted submitted = jobs.submit(job(QUEUE).job(), id);
                if (name.equals("bad")) {
                  throw new IllegalStateException(name);
                }
                return submitted;
              },
              outcome -> told.add(name + " " + outcome.getClass().getSimpleName()));
    }
    driver().store().flush();
    driver().awaitAll();
    assertEquals(Set.of("before Done", "bad Failed", "after Done"), Set.copyOf(told));
    assertEquals(3, told.size());
    assertEquals(2, driver().on(Jobs::counts).get(QUEUE).depth());
  }

  @Test
  void theNumberOfUnfinishedJobsIsExactlyBounded() {
    List<JobDriver> both = List.of(driver(), otherDriver());
    var answers = new ArrayList<Submitted>();
    for (int i = 0; i < 3 * CAPACITY; i++) {
      UUID id = id();
      both.get(i % 2)
          .submit(
              new Subject.Queue(QUEUE),
              jobs -> jobs.submit(job(QUEUE).job(), id),
              outcome -> {
                if (outcome instanceof Outcome.Done<Submitted>(Submitted told)) {
                  answers.add(told);
                }
              });
    }
    both.forEach(each -> each.store().flush());
    both.forEach(JobDriver::awaitAll);

    assertEquals(
        CAPACITY, answers.stream().filter(each -> each instanceof Submitted.Accepted).count());
    var full = new Submitted.Full(CAPACITY, CAPACITY, 2 * CAPACITY, CAPACITY_BYTES);
    assertEquals(2 * CAPACITY, answers.stream().filter(full::equals).count());

    end(lease(1).getFirst(), DONE);
    accept(job(QUEUE));
    assertEquals(full, submit(job(QUEUE)));
  }

  @Test
  void theBytesOfUnfinishedJobsAreBounded() {
    UUID large = accept(job(QUEUE).payload("\"" + "x".repeat(700) + "\""));
    Wish other = job(QUEUE).payload("\"" + "y".repeat(297) + "\"");
    assertEquals(new Submitted.Full(1, CAPACITY, 702, CAPACITY_BYTES), submit(other));
    accept(job(QUEUE).payload("\"" + "y".repeat(296) + "\""));
    assertEquals(CAPACITY_BYTES, counts(QUEUE).bytes());

    cancel(large);
    assertEquals(298, counts(QUEUE).bytes());
    accept(other);
  }

  @Test
  void whatIsRefusedMakesNoQueue() {
    assertInstanceOf(
        Submitted.Full.class, submit(job(QUEUE).payload("\"" + "x".repeat(1_000) + "\"")));
    assertEquals(new Submitted.WrongKind(Kind.PULL), submit(job(QUEUE).call(TestJobs.call())));
    assertEquals(new Submitted.WrongKind(Kind.PUSH), submit(job("push")));
    assertEquals(List.of(), driver().on(Jobs::queues));
  }

  @Test
  void theNumberOfQueuesIsBounded() {
    for (int i = 0; i < MAX_QUEUES; i++) {
      accept(job("q" + i));
    }
    assertEquals(new Submitted.TooManyQueues(MAX_QUEUES), submit(job("one more")));
    assertFalse(says("one more", jobs -> jobs.pause("one more", true)));
    assertFalse(says("one more", jobs -> jobs.configure("one more", settings(Kind.PULL))));
    accept(job("q0"));
  }

  @Test
  void theSameKeyIsTheSameJob() {
    UUID first = accept(job(QUEUE).key("k").payload("1"));
    assertEquals(
        new Submitted.Existing(first, JobState.QUEUED), submit(job(QUEUE).key("k").payload("1")));
    assertEquals(new Submitted.Mismatch(first), submit(job(QUEUE).key("k").payload("2")));
    assertNotEquals(first, accept(job("other").key("k").payload("1")));

    end(lease(1).getFirst(), DONE);
    assertEquals(
        new Submitted.Existing(first, JobState.SUCCEEDED),
        submit(job(QUEUE).key("k").payload("1")));
    assertEquals(0, counts(QUEUE).depth());
  }

  @Test
  void aKeyIsKnownThoughTheQueueIsFullAndOfAnotherKind() {
    UUID first = accept(job(QUEUE).key("k"));
    fill(CAPACITY - 1);
    assertEquals(new Submitted.Existing(first, JobState.QUEUED), submit(job(QUEUE).key("k")));
  }

  @Test
  void aKeyIsFreeWhenItsWindowIsOver() {
    UUID first = accept(job(QUEUE).key("k").payload("1"));
    pass(WINDOW.minusMillis(1));
    assertInstanceOf(Submitted.Existing.class, submit(job(QUEUE).key("k").payload("1")));
    pass(Duration.ofMillis(1));
    UUID second = accept(job(QUEUE).key("k").payload("2"));
    assertNotEquals(first, second);
    assertEquals(
        new Submitted.Existing(second, JobState.QUEUED), submit(job(QUEUE).key("k").payload("2")));
    pass(WINDOW);
    sweep();
    accept(job(QUEUE).key("k").payload("3"));
  }

  @Test
  void aKeyOutlivesItsJob() {
    configure(keeping(Duration.ZERO));
    UUID done = accept(job(QUEUE).key("done"));
    end(lease(1).getFirst(), DONE);
    UUID purged = accept(job(QUEUE).key("purged"));
    assertEquals(1, purge(false, 10));
    sweep();

    assertEquals(Optional.empty(), driver().on(done, jobs -> jobs.find(done)));
    assertEquals(new Submitted.Existing(done, JobState.SUCCEEDED), submit(job(QUEUE).key("done")));
    assertEquals(
        new Submitted.Existing(purged, JobState.CANCELLED), submit(job(QUEUE).key("purged")));
  }

  @Test
  void aDebouncedJobHasTheLastContentAndWaitsAnew() {
    UUID id = accept(debounced("1"));
    assertEquals(JobState.SCHEDULED, state(id));
    pass(SECOND);
    assertEquals(new Submitted.Existing(id, JobState.SCHEDULED), submit(debounced("222")));
    assertEquals(3, counts(QUEUE).bytes());
    pass(SECOND);
    sweep();
    assertEquals(List.of(), lease(1));
    pass(SECOND);
    sweep();
    assertEquals(Payload.json("222"), lease(1).getFirst().payload());

    UUID next = accept(debounced("3"));
    assertNotEquals(id, next);
    assertEquals(JobState.SCHEDULED, state(next));
  }

  @Test
  void aDebouncedJobWaitsSoLongAndNoLonger() {
    UUID id = accept(debounced("0"));
    for (int second = 1; second <= 4; second++) {
      pass(SECOND);
      assertEquals(new Submitted.Existing(id, JobState.SCHEDULED), submit(debounced("" + second)));
    }
    pass(SECOND);
    assertEquals(new Submitted.Existing(id, JobState.QUEUED), submit(debounced("5")));
    pass(SECOND);
    assertEquals(new Submitted.Existing(id, JobState.QUEUED), submit(debounced("6")));
    assertEquals(Payload.json("6"), lease(1).getFirst().payload());
  }

  @Test
  void aDebouncedJobThatIsHandedBackDoesNotStandInTheWayOfTheNext() {
    UUID first = accept(debounced("1"));
    pass(SECOND.multipliedBy(2));
    sweep();
    LeasedJob leased = lease(1).getFirst();
    UUID second = accept(debounced("2"));
    end(leased, new Verdict.HandedBack(Duration.ZERO));
    assertEquals(JobState.QUEUED, state(first));
    assertEquals(new Submitted.Existing(second, JobState.SCHEDULED), submit(debounced("3")));
    assertEquals(Payload.json("1"), view(first).payload());
  }

  @Test
  void whatDoesNotGrowNeedsNoRoom() {
    UUID id = accept(debounced("22"));
    accept(job(QUEUE));
    assertTrue(says(QUEUE, jobs -> jobs.configure(QUEUE, settings(Kind.PULL, 1))));
    assertEquals(new Submitted.Existing(id, JobState.SCHEDULED), submit(debounced("1")));
    assertInstanceOf(Submitted.Full.class, submit(debounced("333")));
  }

  @Test
  void aDebouncedReplacementNeedsRoomToo() {
    UUID id = accept(debounced("1"));
    assertInstanceOf(Submitted.Full.class, submit(debounced("\"" + "x".repeat(1_000) + "\"")));
    assertEquals(Payload.json("1"), view(id).payload());
  }

  // Order

  @Test
  void jobsAreHandedOutInTheOrderOfAcceptanceHighOnesFirst() {
    UUID a = accept(job(QUEUE));
    UUID b = accept(job(QUEUE));
    UUID c = accept(job(QUEUE).high());
    UUID d = accept(job(QUEUE).high());
    UUID e = accept(job(QUEUE));
    assertEquals(List.of(c, d, a), ids(lease(3)));
    assertEquals(List.of(b, e), ids(lease(3)));
    assertEquals(List.of(), lease(3));
    assertEquals(
        List.of(), driver().on("nowhere", jobs -> jobs.lease("nowhere", Kind.PULL, 1, null, null)));
    assertEquals(List.of(QUEUE), names());
  }

  @Test
  void aQueueHasNothingForWorkersThatTakeItForOneOfTheOtherKind() {
    UUID pulled = accept(job(QUEUE));
    UUID pushed = accept(job("push").call(TestJobs.call()));
    assertEquals(
        List.of(), driver().on(QUEUE, jobs -> jobs.lease(QUEUE, Kind.PUSH, 1, null, null)));
    assertEquals(
        List.of(), driver().on("push", jobs -> jobs.lease("push", Kind.PULL, 1, null, null)));
    assertEquals(JobState.QUEUED, view(pulled).state());
    assertEquals(JobState.QUEUED, view(pushed).state());
  }

  @Test
  void noMoreIsHandedOutAtOnceThanIsEnough() {
    configure(TestJobs.roomy(Kind.PULL));
    Payload half = Payload.json("\"" + "x".repeat((int) Jobs.LEASE_BYTES / 2 - 1) + "\"");
    UUID a = accept(job(QUEUE).payload(half));
    UUID b = accept(job(QUEUE).payload(half));
    UUID c = accept(job(QUEUE).payload(half));
    UUID d = accept(job(QUEUE));
    List<LeasedJob> first = lease(9);
    assertEquals(List.of(a, b), ids(first));
    assertFalse(Jobs.isAll(first, 9));
    List<LeasedJob> rest = lease(9);
    assertEquals(List.of(c, d), ids(rest));
    assertTrue(Jobs.isAll(rest, 9));
    assertEquals(4, counts(QUEUE).running());
  }

  @Test
  void aLeasedJobHasAllThatItsWorkerNeeds() {
    Instant accepted = now();
    UUID id = accept(job("push").payload("[1]").call(TestJobs.call()).group("g"));
    pass(SECOND);
    LeasedJob leased =
        driver().on("push", jobs -> jobs.lease("push", Kind.PUSH, 1, HOUR, "worker-1")).getFirst();
    assertTrue(leased.lease() > 0);
    assertEquals(
        new LeasedJob(
            id,
            "push",
            leased.lease(),
            1,
            Payload.json("[1]"),
            TestJobs.call(),
            TERMS,
            "g",
            accepted,
            now().plus(HOUR),
            null),
        leased);
    assertEquals(now(), view(id).startedAt());
    assertEquals(now().plus(HOUR), view(id).leasedUntil());
  }

  @Test
  void twoProcessesNeverGetTheSameJob() {
    fill(CAPACITY);
    var leased = new ArrayList<UUID>();
    List<JobDriver> both = List.of(driver(), otherDriver());
    for (int i = 0; i < CAPACITY; i++) {
      both.get(i % 2)
          .submit(
              new Subject.Queue(QUEUE),
              jobs -> jobs.lease(QUEUE, Kind.PULL, 2, null, null),
              outcome -> {
                if (outcome instanceof Outcome.Done<List<LeasedJob>>(List<LeasedJob> value)) {
                  leased.addAll(ids(value));
                }
              });
    }
    both.forEach(each -> each.store().flush());
    both.forEach(JobDriver::awaitAll);
    assertEquals(CAPACITY, leased.size());
    assertEquals(CAPACITY, Set.copyOf(leased).size());
  }

  @Test
  void aPausedQueueTakesJobsAndHandsOutNone() {
    accept(job(QUEUE));
    assertTrue(says(QUEUE, jobs -> jobs.pause(QUEUE, true)));
    accept(job(QUEUE));
    assertEquals(List.of(), lease(10));
    assertTrue(queue(QUEUE).orElseThrow().paused());
    driver().on(QUEUE, jobs -> jobs.pause(QUEUE, false));
    assertEquals(2, lease(10).size());
  }

  @Test
  void whatIsNotToBeginYetIsNotHandedOut() {
    UUID delayed = accept(job(QUEUE).delay(SECOND));
    UUID later = accept(job(QUEUE).notBefore(now().plus(HOUR)));
    UUID atOnce = accept(job(QUEUE).notBefore(now().minus(HOUR)));
    sweep();
    assertEquals(List.of(atOnce), ids(lease(10)));
    pass(SECOND);
    driver().changes();
    assertEquals(now().plus(LEASE).minus(SECOND), sweep().next());
    assertEquals(List.of(delayed), readied());
    assertEquals(List.of(delayed), ids(lease(10)));
    pass(HOUR);
    sweep();
    assertTrue(ids(lease(10)).contains(later));
  }

  // Groups

  @Test
  void aGroupRunsOneAfterAnother() {
    UUID a = accept(job(QUEUE).group("g"));
    UUID b = accept(job(QUEUE).group("g"));
    UUID c = accept(job(QUEUE).group("g").high());
    UUID alone = accept(job(QUEUE).group("h"));
    assertEquals(List.of(a, alone), ids(lease(10, LEASE)));
    assertEquals(JobState.BLOCKED, state(b));
    assertEquals(JobState.BLOCKED, state(c));
    driver().changes();
    end(held(a), DONE);
    assertEquals(List.of(b), readied());
    assertEquals(List.of(b), ids(lease(10)));
    end(held(b), HOPELESS);
    assertEquals(List.of(c), ids(lease(10)));
    UUID d = accept(job(QUEUE).group("g"));
    cancel(c);
    assertEquals(List.of(d), ids(lease(10)));
  }

  @Test
  void aGroupWaitsWhileItsFirstIsTriedAgain() {
    UUID a = accept(job(QUEUE).group("g"));
    UUID b = accept(job(QUEUE).group("g"));
    end(lease(10).getFirst(), RETRY);
    assertEquals(List.of(), lease(10));
    pass(SECOND);
    sweep();
    assertEquals(List.of(a), ids(lease(10)));
    assertEquals(JobState.BLOCKED, state(b));
  }

  @Test
  void aBlockedJobCanBeCancelledAndIsSkipped() {
    UUID a = accept(job(QUEUE).group("g"));
    UUID b = accept(job(QUEUE).group("g"));
    UUID c = accept(job(QUEUE).group("g"));
    cancel(b);
    assertEquals(JobState.BLOCKED, state(c));
    cancel(a);
    assertEquals(List.of(c), ids(lease(10)));
  }

  @Test
  void theNextOfAGroupWaitsForItsOwnTimeToo() {
    UUID a = accept(job(QUEUE).group("g"));
    UUID b = accept(job(QUEUE).group("g").delay(HOUR));
    UUID c = accept(job(QUEUE).group("g"));
    assertEquals(JobState.BLOCKED, state(b));
    cancel(a);
    assertEquals(JobState.SCHEDULED, state(b));
    assertEquals(JobState.BLOCKED, state(c));
    pass(HOUR);
    sweep();
    assertEquals(List.of(b), ids(lease(10)));
  }

  @Test
  void aDeadlineOfAGroupsFirstLetsTheNextCome() {
    UUID a = accept(job(QUEUE).group("g").deadline(now().plus(SECOND)));
    UUID b = accept(job(QUEUE).group("g").deadline(now().plus(SECOND)));
    UUID c = accept(job(QUEUE).group("g"));
    pass(SECOND);
    sweep();
    assertEquals(List.of(JobState.FAILED, JobState.FAILED), List.of(state(a), state(b)));
    assertEquals(List.of(c), ids(lease(10)));
    assertEquals(0, counts(QUEUE).blocked());
  }

  @Test
  void aRetriedJobOfAGroupWaitsForTheOneThatRuns() {
    UUID a = accept(job(QUEUE).group("g"));
    UUID b = accept(job(QUEUE).group("g"));
    UUID c = accept(job(QUEUE).group("g"));
    end(lease(1).getFirst(), HOPELESS);
    LeasedJob second = lease(1).getFirst();
    assertEquals(new Steered.Done(JobState.BLOCKED), driver().on(a, jobs -> jobs.retry(a)));
    assertEquals(List.of(), lease(10));
    end(second, DONE);
    assertEquals(JobState.SUCCEEDED, state(b));
    assertEquals(List.of(a), ids(lease(10)));
    assertEquals(JobState.BLOCKED, state(c));
  }

  // Leases

  @Test
  void onlyWhoHasTheJobCanEndIt() {
    UUID id = accept(job(QUEUE));
    LeasedJob leased = lease(1).getFirst();
    var refused = new Steered.Refused(JobState.RUNNING);
    assertEquals(refused, driver().on(id, jobs -> jobs.end(id, leased.lease() + 1, DONE)));
    assertEquals(refused, driver().on(id, jobs -> jobs.extend(id, leased.lease() + 1, null, null)));
    assertEquals(new Steered.Unknown(), driver().on(jobs -> jobs.end(new UUID(1, 1), 1, DONE)));
    assertEquals(
        new Steered.Unknown(), driver().on(jobs -> jobs.extend(new UUID(1, 1), 1, null, null)));

    assertEquals(new Steered.Done(JobState.SUCCEEDED), end(leased, DONE));
    assertEquals(new Steered.Refused(JobState.SUCCEEDED), end(leased, DONE));
    assertEquals(
        new Steered.Refused(JobState.SUCCEEDED),
        driver().on(id, jobs -> jobs.extend(id, leased.lease(), null, null)));
  }

  @Test
  void aLeaseThatRanOutIsFencedAndTheAttemptCounts() {
    UUID id = accept(job(QUEUE));
    LeasedJob first = lease(1).getFirst();
    Instant begun = now();
    pass(LEASE.minusMillis(1));
    sweep();
    assertEquals(JobState.RUNNING, state(id));
    pass(Duration.ofMillis(1));
    assertEquals(new Steered.Refused(JobState.RUNNING), end(first, DONE));
    driver().changes();
    sweep();
    assertEquals(
        List.of(
            new Change(
                id,
                QUEUE,
                JobState.RUNNING,
                JobState.QUEUED,
                1,
                now(),
                null,
                "the lease ran out",
                null)),
        driver().changes());
    assertEquals(new Steered.Refused(JobState.QUEUED), end(first, DONE));

    LeasedJob second = lease(1).getFirst();
    assertEquals(2, second.attempt());
    assertNotEquals(first.lease(), second.lease());
    assertEquals(new Steered.Refused(JobState.RUNNING), end(first, DONE));
    assertEquals(new Steered.Done(JobState.SUCCEEDED), end(second, DONE));
    assertEquals(
        List.of(
            new Attempt(1, "w", begun, now(), null, "the lease ran out"),
            new Attempt(2, "w", now(), now(), null, null)),
        view(id).attempts());
  }

  @Test
  void theLastLeaseThatRunsOutMakesADeadLetter() {
    UUID id = accept(job(QUEUE).attempts(1));
    lease(1);
    pass(LEASE);
    sweep();
    assertEquals(JobState.FAILED, state(id));
    assertEquals("the lease ran out", view(id).error());
  }

  @Test
  void aLeaseIsExtendedWithProgress() {
    UUID id = accept(job(QUEUE));
    LeasedJob leased = lease(1).getFirst();
    pass(LEASE.dividedBy(2));
    assertEquals(
        new Steered.Extended(now().plus(LEASE)),
        driver().on(id, jobs -> jobs.extend(id, leased.lease(), null, null)));
    pass(LEASE.dividedBy(2));
    sweep();
    driver().changes();
    Payload progress = Payload.json("{\"percent\":40}");
    assertEquals(
        new Steered.Extended(now().plus(HOUR)),
        driver().on(id, jobs -> jobs.extend(id, leased.lease(), HOUR, progress)));
    assertEquals(
        List.of(
            new Change(
                id,
                QUEUE,
                JobState.RUNNING,
                JobState.RUNNING,
                1,
                now(),
                now().plus(HOUR),
                null,
                progress)),
        driver().changes());
    assertEquals(progress, view(id).progress());
    assertEquals(now().plus(HOUR), view(id).leasedUntil());
    assertEquals(now().plus(HOUR), sweep().next());
  }

  // Ends

  @Test
  void aResultIsKeptWithTheJob() {
    UUID id = accept(job(QUEUE));
    Payload result = Payload.json("[42]");
    driver().changes();
    LeasedJob leased = lease(1).getFirst();
    end(leased, new Verdict.Succeeded(200, result));
    JobView view = view(id);
    assertEquals(result, view.result());
    assertEquals(JobState.SUCCEEDED, view.state());
    assertEquals(now(), view.finishedAt());
    assertEquals(List.of(new Attempt(1, "w", now(), now(), 200, null)), view.attempts());
    assertEquals(1, view.attemptsMade());
    assertNull(view.startedAt());
    assertEquals(
        List.of(
            new Change(
                id,
                QUEUE,
                JobState.QUEUED,
                JobState.RUNNING,
                1,
                now(),
                now().plus(LEASE),
                null,
                null),
            new Change(
                id,
                QUEUE,
                JobState.RUNNING,
                JobState.SUCCEEDED,
                1,
                now(),
                now().plus(KEEP_SUCCEEDED),
                null,
                null)),
        driver().changes());
  }

  @Test
  void aFailureIsTriedAgainWithBackoffUntilNoAttemptIsLeft() {
    UUID id = accept(job(QUEUE));
    for (int attempt = 1; attempt <= 2; attempt++) {
      assertEquals(attempt, lease(1).getFirst().attempt());
      assertEquals(new Steered.Done(JobState.RETRYING), end(held(id), RETRY));
      assertEquals(now().plusSeconds(attempt), view(id).nextAttemptAt()); // one, two
      assertNull(view(id).error());
      pass(SECOND.multipliedBy(attempt));
      sweep();
    }
    lease(1);
    assertEquals(new Steered.Done(JobState.FAILED), end(held(id), RETRY));
    JobView dead = view(id);
    assertEquals("broken", dead.error());
    assertEquals(3, dead.attemptsMade());
    assertEquals(
        List.of("1 500 broken", "2 500 broken", "3 500 broken"),
        dead.attempts().stream()
            .map(each -> each.number() + " " + each.status() + " " + each.error())
            .toList());
  }

  @Test
  void aRetryWaitsAsLongAsItIsToldOrAsTheBackoffSays() {
    UUID id = accept(job(QUEUE).attempts(10));
    lease(1);
    end(held(id), new Verdict.Retry(503, "busy", HOUR, true));
    assertEquals(now().plus(HOUR), view(id).nextAttemptAt());
    pass(HOUR);
    sweep();
    lease(1);
    end(held(id), new Verdict.Retry(null, "now", Duration.ofMillis(5), false));
    assertEquals(now().plusMillis(5), view(id).nextAttemptAt());
    pass(SECOND);
    sweep();
    lease(1);
    assertEquals(
        new Steered.Done(JobState.QUEUED),
        end(held(id), new Verdict.Retry(null, "now", Duration.ZERO, false)));
  }

  @Test
  void aHopelessJobIsNotTriedAgain() {
    UUID id = accept(job(QUEUE));
    Payload answer = Payload.json("\"no\"");
    assertEquals(
        new Steered.Done(JobState.FAILED),
        end(lease(1).getFirst(), new Verdict.Failed(404, "no such thing", answer)));
    assertEquals("no such thing", view(id).error());
    assertEquals(answer, view(id).result());
    assertEquals(1, counts(QUEUE).failed());
  }

  @Test
  void anAttemptThatIsHandedBackDoesNotCount() {
    UUID id = accept(job(QUEUE).attempts(1));
    LeasedJob leased = lease(1).getFirst();
    assertEquals(
        new Steered.Done(JobState.QUEUED), end(leased, new Verdict.HandedBack(Duration.ZERO)));
    assertEquals(new Steered.Refused(JobState.QUEUED), end(leased, DONE));
    assertEquals(1, lease(1).getFirst().attempt());
    assertEquals(
        new Steered.Done(JobState.SCHEDULED), end(held(id), new Verdict.HandedBack(SECOND)));
    assertEquals(List.of(), view(id).attempts());
    assertEquals(0, view(id).attemptsMade());
    pass(SECOND);
    sweep();
    end(lease(1).getFirst(), RETRY);
    assertEquals(JobState.FAILED, state(id));
  }

  @Test
  void nothingBeginsAfterItsDeadline() {
    UUID queued = accept(job(QUEUE).deadline(now().plus(SECOND)));
    UUID delayed = accept(job(QUEUE).deadline(now().plus(SECOND)).delay(HOUR));
    assertEquals(now().plus(SECOND), sweep().next());
    pass(SECOND);
    assertEquals(List.of(), lease(10));
    driver().changes();
    sweep();
    for (UUID id : List.of(queued, delayed)) {
      assertEquals(JobState.FAILED, state(id));
      assertEquals("its deadline has passed", view(id).error());
    }
    assertEquals(2, driver().changes().stream().filter(Change::isFinish).count());
  }

  @Test
  void aRetryThatWouldBeginAfterTheDeadlineIsNone() {
    UUID id = accept(job(QUEUE).deadline(now().plus(SECOND)));
    end(lease(1).getFirst(), RETRY);
    assertEquals(JobState.FAILED, state(id));
    assertEquals("its deadline has passed", view(id).error());
    assertEquals("broken", view(id).attempts().getFirst().error());
  }

  @Test
  void aJobThatRunsAtItsDeadlineMaySucceed() {
    accept(job(QUEUE).deadline(now().plus(SECOND)));
    LeasedJob leased = lease(1).getFirst();
    pass(SECOND);
    sweep();
    assertEquals(new Steered.Done(JobState.SUCCEEDED), end(leased, DONE));
  }

  @Test
  void ofManyAttemptsTheLastAreKept() {
    UUID id = accept(job(QUEUE).attempts(100));
    for (int i = 0; i < 25; i++) {
      lease(1);
      end(held(id), new Verdict.Retry(null, "again", Duration.ZERO, false));
    }
    assertEquals(
        IntStream.rangeClosed(6, 25).boxed().toList(),
        view(id).attempts().stream().map(Attempt::number).toList());
    assertEquals(25, view(id).attemptsMade());
  }

  // Steering

  @Test
  void aJobIsCancelledInAnyStateButFinished() {
    UUID delayed = accept(job(QUEUE).delay(HOUR));
    UUID running = accept(job(QUEUE));
    LeasedJob leased = lease(1).getFirst();
    UUID queued = accept(job(QUEUE));
    for (UUID id : List.of(delayed, running, queued)) {
      assertEquals(new Steered.Done(JobState.CANCELLED), cancel(id));
      assertEquals(new Steered.Refused(JobState.CANCELLED), cancel(id));
      assertEquals(now(), view(id).finishedAt());
    }
    assertEquals(new Steered.Refused(JobState.CANCELLED), end(leased, DONE));
    assertEquals(new Steered.Unknown(), cancel(new UUID(1, 1)));
    assertEquals(0, counts(QUEUE).depth());
    assertEquals(0, counts(QUEUE).bytes());
  }

  @Test
  void aJobThatWaitsForItsTimeCanBeginAtOnce() {
    UUID delayed = accept(job(QUEUE).delay(HOUR));
    assertEquals(new Steered.Done(JobState.QUEUED), retry(delayed));
    assertEquals(new Steered.Refused(JobState.QUEUED), retry(delayed));
    end(lease(1).getFirst(), RETRY);
    assertEquals(new Steered.Done(JobState.QUEUED), retry(delayed));
    LeasedJob leased = lease(1).getFirst();
    assertEquals(2, leased.attempt());
    assertEquals(new Steered.Refused(JobState.RUNNING), retry(delayed));
    end(leased, DONE);
    assertEquals(new Steered.Refused(JobState.SUCCEEDED), retry(delayed));
    assertEquals(new Steered.Unknown(), retry(new UUID(1, 1)));
  }

  @Test
  void aDeadLetterHasAllItsAttemptsAnew() {
    UUID id = accept(job(QUEUE).attempts(1));
    end(lease(1).getFirst(), new Verdict.Failed(404, "no", Payload.json("1")));
    assertEquals(new Steered.Done(JobState.QUEUED), retry(id));
    JobView revived = view(id);
    assertNull(revived.error());
    assertNull(revived.result());
    assertNull(revived.finishedAt());
    assertEquals(0, revived.attemptsMade());
    assertEquals(1, counts(QUEUE).depth());
    assertEquals(2, lease(1).getFirst().attempt());
    end(held(id), RETRY);
    assertEquals(JobState.FAILED, state(id));
    assertEquals(2, view(id).attempts().size());
  }

  @Test
  void aJobThatWasTooLateCanBeTriedAllTheSame() {
    UUID id = accept(job(QUEUE).deadline(now().plus(SECOND)));
    pass(SECOND);
    sweep();
    assertEquals(new Steered.Done(JobState.QUEUED), retry(id));
    sweep();
    assertEquals(List.of(id), ids(lease(1)));
    assertNull(view(id).deadline());
  }

  @Test
  void aDeadLetterNeedsRoomToo() {
    UUID id = accept(job(QUEUE));
    cancel(id);
    fill(CAPACITY);
    assertEquals(new Steered.Refused(JobState.CANCELLED), retry(id));
    assertEquals(JobState.CANCELLED, state(id));
  }

  @Test
  void deadLettersAreRedrivenOldestFirstAsFarAsThereIsRoom() {
    UUID a = dead(job(QUEUE));
    UUID b = dead(job(QUEUE).high());
    UUID c = dead(job(QUEUE));
    UUID d = dead(job(QUEUE));
    assertEquals(2, redrive(2));
    assertEquals(List.of(b, a), ids(lease(10)));
    fill(CAPACITY - 3);
    assertEquals(1, redrive(10));
    assertEquals(JobState.QUEUED, state(c));
    assertEquals(JobState.FAILED, state(d));
  }

  @Test
  void aPurgeDeletesWhatWaits() {
    UUID running = accept(job(QUEUE));
    lease(1);
    UUID dead = accept(job(QUEUE));
    cancel(dead);
    accept(job(QUEUE));
    accept(job(QUEUE).delay(HOUR));
    accept(job(QUEUE).group("g"));
    accept(job(QUEUE).group("g"));
    driver().changes();
    assertEquals(3, purge(false, 3));
    assertEquals(1, purge(false, 3));
    assertEquals(0, purge(false, 3));
    List<Change> changes = driver().changes();
    assertEquals(4, changes.stream().filter(each -> each.to() == JobState.CANCELLED).count());
    assertTrue(
        changes.stream()
            .filter(each -> each.to() == JobState.CANCELLED)
            .allMatch(Change::isFinish));
    assertEquals(new QueueCounts(0, 0, 0, 1, 0, 0, 0, 1, 2), counts(QUEUE));
    assertEquals(JobState.RUNNING, state(running));
  }

  @Test
  void aPurgeOfTheFirstOfAGroupLeavesNobodyBehind() {
    accept(job(QUEUE).group("g"));
    LeasedJob first = lease(1).getFirst();
    accept(job(QUEUE).group("g"));
    assertEquals(1, purge(false, 10));
    end(first, RETRY);
    UUID next = accept(job(QUEUE).group("g"));
    assertEquals(JobState.BLOCKED, state(next));
    assertEquals(1, purge(false, 1)); // the blocked one
    assertEquals(1, purge(false, 1)); // the first
    UUID last = accept(job(QUEUE).group("g"));
    assertEquals(List.of(last), ids(lease(10)));
  }

  @Test
  void aPurgeOfDeadLettersLeavesTheOthers() {
    UUID dead = dead(job(QUEUE));
    UUID alive = accept(job(QUEUE));
    driver().changes();
    assertEquals(1, purge(true, 10));
    assertFalse(driver().changes().getFirst().isFinish(), "it has made no room");
    assertEquals(Optional.empty(), driver().on(dead, jobs -> jobs.find(dead)));
    assertEquals(JobState.QUEUED, state(alive));
  }

  // Lists

  @Test
  void jobsAreListedLastFirstInPages() {
    List<UUID> all = fill(CAPACITY);
    var listed = new ArrayList<UUID>();
    Long from = null;
    int pages = 0;
    do {
      JobPage page = list(new JobFilter(null, Set.of(), null), from, 3);
      assertTrue(page.jobs().size() <= 3);
      page.jobs().forEach(each -> listed.add(each.id()));
      from = page.next();
      pages++;
    } while (from != null);
    assertEquals(all.reversed(), listed);
    assertEquals(4, pages);
  }

  @Test
  void aListIsFilteredByQueueStateAndGroup() {
    UUID a = accept(job(QUEUE).group("g").high());
    UUID b = accept(job(QUEUE).group("g"));
    UUID c = accept(job(QUEUE));
    UUID d = accept(job("other").group("g"));
    cancel(c);
    assertEquals(List.of(c, b, a), listed(new JobFilter(QUEUE, Set.of(), null)));
    assertEquals(List.of(b, a), listed(new JobFilter(QUEUE, Set.of(), "g")));
    assertEquals(List.of(d, b, a), listed(new JobFilter(null, Set.of(), "g")));
    assertEquals(
        List.of(c, a),
        listed(new JobFilter(QUEUE, Set.of(JobState.QUEUED, JobState.CANCELLED), null)));
    assertEquals(List.of(d, a), listed(new JobFilter(null, Set.of(JobState.QUEUED), null)));
    assertEquals(List.of(), listed(new JobFilter("none", Set.of(), null)));
  }

  @Test
  void aListDoesNotHaveWhatIsLarge() {
    UUID id = accept(job(QUEUE).payload("[1]"));
    end(lease(1).getFirst(), new Verdict.Succeeded(200, Payload.json("[2]")));
    JobView listed = list(new JobFilter(QUEUE, Set.of(), null), null, 1).jobs().getFirst();
    assertEquals(id, listed.id());
    assertEquals(Payload.NONE, listed.payload());
    assertNull(listed.result());
    assertEquals(List.of(), listed.attempts());
    assertEquals(1, listed.attemptsMade());
  }

  // Queues

  @Test
  void aQueueKeepsItsSettings() {
    QueueSettings settings =
        new QueueSettings(
            Kind.PUSH,
            7,
            5_000_000_000L,
            3,
            Duration.ofMillis(1_500),
            TERMS,
            new Rate(10, SECOND, 20),
            5,
            new Rate(1, Duration.ofMinutes(1), 1),
            new Breaker(5, Duration.ofSeconds(30)),
            "whsec_\u00fc\"",
            true,
            WINDOW,
            KEEP_SUCCEEDED,
            KEEP_FAILED);
    assertTrue(says("hooks", jobs -> jobs.configure("hooks", settings)));
    assertEquals(Optional.of(new QueueView("hooks", settings, true, false)), queue("hooks"));
    assertEquals(Optional.empty(), queue("other"));
    UUID id = accept(job("hooks").call(TestJobs.call()));
    assertFalse(says("hooks", jobs -> jobs.configure("hooks", settings(Kind.PULL))));
    cancel(id);
    assertFalse(says("hooks", jobs -> jobs.configure("hooks", settings(Kind.PULL))));
    pass(KEEP_SUCCEEDED);
    sweep();
    assertTrue(says("hooks", jobs -> jobs.configure("hooks", settings(Kind.PULL))));
    accept(job("hooks"));
  }

  @Test
  void aSmallerCapacityHoldsForTheNext() {
    fill(5);
    configure(settings(Kind.PULL, 3));
    assertEquals(new Submitted.Full(5, 3, 10, CAPACITY_BYTES), submit(job(QUEUE)));
    configure(settings(Kind.PULL, 6));
    accept(job(QUEUE));
  }

  @Test
  void aQueueIsRemovedWhenItHasNoJobsNotEvenFinishedOnes() {
    UUID id = accept(job(QUEUE));
    assertFalse(says(QUEUE, jobs -> jobs.remove(QUEUE)));
    cancel(id);
    assertFalse(says(QUEUE, jobs -> jobs.remove(QUEUE)));
    configure(settings(Kind.PULL));
    pass(KEEP_SUCCEEDED);
    sweep();
    assertEquals(List.of(QUEUE), names());
    assertTrue(says(QUEUE, jobs -> jobs.remove(QUEUE)));
    assertEquals(List.of(), names());
  }

  @Test
  void aQueueThatNobodyHasConfiguredGoesWithItsLastJob() {
    UUID id = accept(job(QUEUE));
    cancel(id);
    accept(job("purged"));
    accept(job("paused"));
    driver().on("paused", jobs -> jobs.pause("paused", true));
    assertEquals(1, purge("purged", false, 10));
    assertEquals(1, purge("paused", false, 10));
    assertEquals(List.of(QUEUE, "paused"), names());
    pass(KEEP_SUCCEEDED);
    sweep();
    assertEquals(List.of("paused"), names());
    assertEquals(Set.of(), driver().on(Jobs::counts).keySet());
  }

  @Test
  void jobsAreCountedByState() {
    dead(job(QUEUE));
    accept(job(QUEUE).delay(HOUR));
    accept(job(QUEUE).group("g"));
    accept(job(QUEUE).group("g"));
    cancel(accept(job(QUEUE)));
    UUID retrying = accept(job(QUEUE).high());
    lease(1);
    end(held(retrying), RETRY);
    accept(job(QUEUE).high());
    end(lease(1).getFirst(), DONE);
    accept(job(QUEUE).high());
    lease(1);
    assertEquals(new QueueCounts(1, 1, 1, 1, 1, 1, 1, 1, 10), counts(QUEUE));
  }

  // Time

  @Test
  void finishedJobsAreForgottenInTheirTime() {
    UUID done = accept(job(QUEUE));
    end(lease(1).getFirst(), DONE);
    UUID dead = dead(job(QUEUE));
    assertEquals(now().plus(KEEP_SUCCEEDED), sweep().next());
    pass(KEEP_SUCCEEDED);
    sweep();
    assertEquals(Optional.empty(), driver().on(done, jobs -> jobs.find(done)));
    assertEquals(JobState.FAILED, state(dead));
    pass(KEEP_FAILED.minus(KEEP_SUCCEEDED));
    Jobs.Swept last = sweep();
    assertEquals(Optional.empty(), driver().on(dead, jobs -> jobs.find(dead)));
    assertNull(last.next());
  }

  @Test
  void aSweepTouchesSoManyAndSaysThatThereIsMore() {
    for (int i = 0; i < CAPACITY; i++) {
      accept(job(QUEUE).delay(SECOND));
    }
    pass(SECOND);
    Jobs.Swept swept = driver().on(jobs -> jobs.sweep(4));
    assertTrue(swept.more());
    assertEquals(now(), swept.next());
    assertEquals(4, counts(QUEUE).queued());
    driver().on(jobs -> jobs.sweep(4));
    Jobs.Swept last = driver().on(jobs -> jobs.sweep(4));
    assertFalse(last.more());
    assertEquals(CAPACITY, counts(QUEUE).queued());
  }

  // Recurring jobs

  @Test
  void aScheduleIsKeptAsItIs() {
    NewJob job =
        new NewJob(
            "push",
            new Payload(Payload.Form.BYTES, new byte[] {0, -128, 127}),
            TestJobs.call(),
            NewJob.Priority.HIGH,
            SECOND,
            now(),
            now().plus(HOUR),
            TERMS,
            "key",
            "group",
            new Debounce("d", SECOND, HOUR));
    Schedule full = schedule("a", job, now().plus(HOUR));
    Schedule empty =
        new Schedule(
            "b",
            "* * * * *",
            ZoneId.of("UTC"),
            Schedule.Missed.SKIP,
            job(QUEUE).payload(Payload.NONE).job(),
            true,
            null,
            null,
            null);
    driver()
        .on(jobs -> {
          jobs.schedule(empty);
          jobs.schedule(full);
          return true;
        });
    assertEquals(List.of(full, empty), driver().on(Jobs::schedules));
    assertEquals(Optional.of(full), driver().on(jobs -> jobs.schedule("a")));
    assertEquals(Optional.empty(), driver().on(jobs -> jobs.schedule("c")));
    assertTrue(says(jobs -> jobs.unschedule("b")));
    assertFalse(says(jobs -> jobs.unschedule("b")));
    assertEquals(List.of(full), driver().on(Jobs::schedules));
  }

  @Test
  void aScheduleIsServedOnce() {
    Instant time = now().plus(SECOND);
    put(schedule("a", job(QUEUE).job(), time));
    assertEquals(time, sweep().next());
    assertEquals(List.of(), sweep().schedules());
    pass(SECOND);
    assertEquals(List.of("a"), sweep().schedules().stream().map(Schedule::name).toList());
    assertEquals(1, sweep().schedules().size(), "due until it is advanced");

    UUID id = id();
    for (int process = 0; process < 2; process++) {
      boolean first = process == 0;
      boolean served =
          driver()
              .on(jobs -> {
                boolean advanced = jobs.advance("a", time, time.plus(HOUR), id);
                if (advanced) {
                  jobs.submit(job(QUEUE).job(), id);
                }
                return advanced;
              });
      assertEquals(first, served);
    }
    assertEquals(1, counts(QUEUE).queued());
    Schedule served = driver().on(jobs -> jobs.schedule("a")).orElseThrow();
    assertEquals(time.plus(HOUR), served.next());
    assertEquals(time, served.last());
    assertEquals(id, served.lastJob());
    assertEquals(time.plus(HOUR), sweep().next());
    purge(false, 1);
    assertNull(driver().on(jobs -> jobs.schedule("a")).orElseThrow().lastJob());
    assertFalse(says(jobs -> jobs.advance("none", time, null, null)));
  }

  @Test
  void aPausedScheduleIsNotDue() {
    Schedule due = schedule("a", job(QUEUE).job(), now());
    put(
        new Schedule(
            due.name(), due.cron(), due.zone(), due.missed(), due.job(), true, now(), null, null));
    Jobs.Swept swept = sweep();
    assertEquals(List.of(), swept.schedules());
    assertNull(swept.next());
  }

  // What the tests say

  protected Instant now() {
    return driver().on(Jobs::now);
  }

  protected final UUID id() {
    return new UUID(now().toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | number++);
  }

  protected final Submitted submit(Wish wish) {
    UUID id = id();
    NewJob job = wish.job();
    return driver().on(job.queue(), jobs -> jobs.submit(job, id));
  }

  protected final UUID accept(Wish wish) {
    return assertInstanceOf(Submitted.Accepted.class, submit(wish)).id();
  }

  protected final List<UUID> fill(int jobs) {
    return IntStream.range(0, jobs).mapToObj(_ -> accept(job(QUEUE))).toList();
  }

  protected final List<LeasedJob> lease(int max) {
    return lease(max, null);
  }

  protected final List<LeasedJob> lease(int max, Duration lease) {
    List<LeasedJob> leased =
        driver().on(QUEUE, jobs -> jobs.lease(QUEUE, Kind.PULL, max, lease, "w"));
    leased.forEach(each -> held.put(each.id(), each));
    return leased;
  }

  private LeasedJob held(UUID id) {
    return held.get(id);
  }

  protected final Steered end(LeasedJob job, Verdict verdict) {
    return driver().on(job.id(), jobs -> jobs.end(job.id(), job.lease(), verdict));
  }

  protected final JobView view(UUID id) {
    return driver().on(id, jobs -> jobs.find(id)).orElseThrow();
  }

  protected final JobState state(UUID id) {
    return view(id).state();
  }

  protected final QueueCounts counts(String queue) {
    return driver()
        .on(Jobs::counts)
        .getOrDefault(queue, new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  protected final Jobs.Swept sweep() {
    Jobs.Swept swept;
    do {
      swept = driver().on(jobs -> jobs.sweep(100));
    } while (swept.more());
    return swept;
  }

  private UUID dead(Wish wish) {
    UUID id = accept(wish.attempts(1));
    LeasedJob leased =
        lease(CAPACITY).stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    assertEquals(new Steered.Done(JobState.FAILED), end(leased, RETRY));
    return id;
  }

  private static Wish debounced(String json) {
    return job(QUEUE).payload(json).debounce("d", Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  private Steered cancel(UUID id) {
    return driver().on(id, jobs -> jobs.cancel(id));
  }

  private Steered retry(UUID id) {
    return driver().on(id, jobs -> jobs.retry(id));
  }

  private int redrive(int max) {
    return driver().on(QUEUE, jobs -> jobs.redrive(QUEUE, max));
  }

  private int purge(boolean dead, int max) {
    return purge(QUEUE, dead, max);
  }

  private int purge(String queue, boolean dead, int max) {
    return driver().on(queue, jobs -> jobs.purge(queue, dead, max));
  }

  private boolean says(String queue, Work<Boolean> work) {
    return driver().on(queue, work);
  }

  private boolean says(Work<Boolean> work) {
    return driver().on(work);
  }

  private JobPage list(JobFilter filter, Long from, int limit) {
    return driver().on(jobs -> jobs.list(filter, from, limit));
  }

  private List<UUID> listed(JobFilter filter) {
    return list(filter, null, 10).jobs().stream().map(JobView::id).toList();
  }

  private void configure(QueueSettings settings) {
    assertTrue(says(QUEUE, jobs -> jobs.configure(QUEUE, settings)));
  }

  private static QueueSettings keeping(Duration keep) {
    QueueSettings like = settings(Kind.PULL);
    return new QueueSettings(
        like.kind(),
        like.capacity(),
        like.capacityBytes(),
        like.workers(),
        like.lease(),
        like.terms(),
        like.rate(),
        like.hostWorkers(),
        like.hostRate(),
        like.breaker(),
        like.secret(),
        like.retryClientErrors(),
        like.idempotencyWindow(),
        keep,
        keep);
  }

  private Optional<QueueView> queue(String name) {
    return driver().on(name, jobs -> jobs.queue(name));
  }

  private List<String> names() {
    return driver().on(Jobs::queues).stream().map(QueueView::name).toList();
  }

  private List<UUID> readied() {
    return driver().changes().stream().filter(Change::isReady).map(Change::id).toList();
  }

  private static List<UUID> ids(List<LeasedJob> jobs) {
    return jobs.stream().map(LeasedJob::id).toList();
  }

  private static Schedule schedule(String name, NewJob job, Instant next) {
    return new Schedule(
        name,
        "0 3 * * *",
        ZoneId.of("Europe/Berlin"),
        Schedule.Missed.CATCH_UP,
        job,
        false,
        next,
        next.minus(HOUR),
        null);
  }

  private void put(Schedule schedule) {
    driver()
        .on(jobs -> {
          jobs.schedule(schedule);
          return true;
        });
  }
}
