package dev.sluice.pool.process;

import static dev.sluice.pool.process.Samples.BACKOFF;
import static dev.sluice.pool.process.Samples.SETTINGS;
import static dev.sluice.pool.process.Samples.TIMEOUT;
import static dev.sluice.pool.process.Samples.call;
import static dev.sluice.pool.process.Samples.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.store.Call;
import dev.sluice.pool.store.Job;
import dev.sluice.pool.store.UnfinishedJob;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobQueueTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Outcome SUCCESS = new Outcome.Answered(200, null);
  private static final Outcome UNAVAILABLE = new Outcome.Answered(503, null);
  private static final Outcome NO_CONNECTION = new Outcome.Unanswered("cannot connect");

  private final VirtualClock clock = new VirtualClock();
  private final Keeping store = new Keeping();
  private JobQueue queue = queue(SETTINGS);

  // Acceptance

  @Test
  void acceptsJobsUpToTheCapacityAndRefusesTheNext() {
    for (int i = 0; i < 3; i++) {
      accepted(handled(submit("job")));
    }
    assertEquals(
        new Submission.Full(Duration.ZERO, 3, look().content(), SECOND),
        answer(handled(submit("one-too-many"))));
  }

  @Test
  void theCapacityCountsWhatIsQueuedRunningAndRetrying() {
    accepted(handled(submit("retrying")));
    end(start(), UNAVAILABLE);
    accepted(handled(submit("running")));
    start();
    accepted(handled(submit("queued")));

    assertInstanceOf(Submission.Full.class, answer(handled(submit("one-too-many"))));
    QueueSnapshot now = look();
    assertEquals(
        List.of(1, 1, 1, 3), List.of(now.queued(), now.running(), now.retrying(), now.depth()));
  }

  @Test
  void aFinishedJobMakesRoom() {
    fill();
    end(start(), SUCCESS);

    accepted(handled(submit("next")));
  }

  @Test
  void refusesContentThatMemoryHasNoRoomFor() {
    String big = "\"" + "x".repeat(4_900) + "\"";
    var call = new Call("POST", URI.create("http://target.example/"), Map.of("a", "b"), big);
    accepted(handled(submit(call, 1, Duration.ZERO)));
    accepted(handled(submit(call, 1, Duration.ZERO)));

    assertInstanceOf(Submission.Full.class, answer(handled(submit(call, 1, SECOND))));
    assertEquals(2 * call.size(), look().content());

    end(start(), SUCCESS);
    assertEquals(call.size(), look().content());
    accepted(handled(submit(call, 1, Duration.ZERO)));
  }

  @Test
  void waitingSubmitsCountForContentToo() {
    fill();
    long before = look().content();
    Submit waiting = handled(submit(call("waits"), 3, SECOND));
    assertEquals(before + waiting.call().size(), look().content());

    advance(SECOND);
    assertEquals(before, look().content());
  }

  // The line

  @Test
  void servesThoseWhoWaitFirstComeFirstServed() {
    fill();
    Submit first = handled(submit(call("first"), 3, SECOND));
    Submit second = handled(submit(call("second"), 3, SECOND.multipliedBy(9)));
    Submit third = handled(submit(call("third"), 3, SECOND));

    end(start(), SUCCESS);
    UUID idOfFirst = accepted(first);
    assertFalse(second.reply().isDone());
    assertFalse(third.reply().isDone());

    end(start(), SUCCESS);
    end(start(), SUCCESS);
    assertTrue(idOfFirst.compareTo(accepted(second)) < 0);
    assertTrue(accepted(second).compareTo(accepted(third)) < 0);
    assertEquals(List.of("first", "second", "third"), pathsInOrderOfWork());
  }

  @Test
  void aNewcomerDoesNotOvertakeTheLine() {
    fill();
    Submit waiter = handled(submit(call("waits"), 3, SECOND));

    assertInstanceOf(Submission.Full.class, answer(handled(submit("impatient"))));
    Submit newcomer = handled(submit(call("patient"), 3, SECOND));
    end(start(), SUCCESS);
    accepted(waiter);
    assertFalse(newcomer.reply().isDone());
  }

  @Test
  void whoseWaitRanOutIsRefusedAndLeavesNoTrace() {
    fill();
    QueueSnapshot before = look();
    Submit shorter = handled(submit(call("shorter"), 3, SECOND));
    Submit longer = handled(submit(call("longer"), 3, SECOND.multipliedBy(2)));

    assertEquals(SECOND, advance(SECOND.minusNanos(1)).plus(SECOND.minusNanos(1)));
    assertFalse(shorter.reply().isDone());
    advance(Duration.ofNanos(1));
    assertEquals(new Submission.Full(SECOND, 3, look().content(), SECOND), answer(shorter));

    end(start(), SUCCESS);
    accepted(longer);
    QueueSnapshot after = look();
    assertEquals(before.accepted() + 1, after.accepted());
    assertEquals(before.refused() + 1, after.refused());
    assertEquals(0, after.waiting());
    assertEquals(3, after.depth());
    assertFalse(pathsInOrderOfWork().contains("shorter"));
  }

  @Test
  void whoWentAwayWhileWaitingLeavesNoJob() {
    fill();
    Submit gone = handled(submit(call("gone"), 3, SECOND));
    Submit next = handled(submit(call("next"), 3, SECOND));
    gone.reply().abandon();
    assertEquals(1, look().waiting());

    end(start(), SUCCESS);
    accepted(next);
    assertFalse(pathsInOrderOfWork().contains("gone"));
  }

  @Test
  void refusesMoreWaitersThanTheLineHolds() {
    fill();
    for (int i = 0; i < 4; i++) {
      assertFalse(handled(submit(call("waits"), 3, SECOND)).reply().isDone());
    }
    assertInstanceOf(Submission.Full.class, answer(handled(submit(call("waits"), 3, SECOND))));
  }

  @Test
  void saysWhenThereMayBeRoomGoingByHowLongAttemptsTook() {
    accepted(handled(submit("slow")));
    UUID slow = start();
    clock.advance(Duration.ofSeconds(12));
    end(slow, SUCCESS);
    fill();
    handled(submit(call("waits"), 3, SECOND));

    // Two workers, twelve seconds each: the second in line may have room after twelve seconds.
    assertEquals(
        new Submission.Full(Duration.ZERO, 3, look().content(), Duration.ofSeconds(12)),
        answer(handled(submit("refused"))));
  }

  // Outcomes

  @Test
  void anAnswerOf2xxIsSuccess() {
    for (int status : new int[] {200, 201, 204, 299}) {
      UUID id = accepted(handled(submit("job")));
      start();
      clock.advance(SECOND);
      end(id, new Outcome.Answered(status, null));

      JobSnapshot done = get(id);
      assertEquals(JobState.SUCCEEDED, done.state());
      assertEquals(clock.instant(), done.finishedAt());
      assertEquals(
          List.of(
              new JobSnapshot.Attempt(
                  1, clock.instant().minus(SECOND), clock.instant(), status, null)),
          done.attempts());
      assertEquals(0, look().content(), "a finished job needs no body");
    }
  }

  @Test
  void other4xxFailAtOnce() {
    for (int status : new int[] {400, 401, 404, 408, 409, 410, 418, 499}) {
      UUID id = accepted(handled(submit("job")));
      end(start(), new Outcome.Answered(status, "1"));

      assertEquals(JobState.FAILED, get(id).state());
      assertNull(get(id).attempts().getFirst().error());
    }
  }

  @Test
  void redirectsFailAtOnce() {
    for (int status : new int[] {300, 301, 302, 304, 307, 308}) {
      UUID id = accepted(handled(submit("job")));
      end(start(), new Outcome.Answered(status, null));

      assertEquals(JobState.FAILED, get(id).state());
      assertEquals("redirects are not followed", get(id).attempts().getFirst().error());
    }
  }

  @Test
  void aTargetThatMustNotBeCalledFailsTheJobAtOnce() {
    UUID id = accepted(handled(submit("job")));
    end(start(), new Outcome.Refused("private address"));

    assertEquals(JobState.FAILED, get(id).state());
    assertEquals("private address", get(id).attempts().getFirst().error());
  }

  @Test
  void aRunningAttemptIsShownWithoutAnEnd() {
    UUID id = accepted(handled(submit("job")));
    start();

    assertEquals(JobState.RUNNING, get(id).state());
    assertEquals(
        List.of(new JobSnapshot.Attempt(1, clock.instant(), null, null, null)), get(id).attempts());
  }

  @Test
  void longErrorsAreShortened() {
    UUID id = accepted(handled(submit("job")));
    end(start(), new Outcome.Unanswered("x".repeat(10_000)));

    assertEquals("x".repeat(300) + "...", get(id).attempts().getFirst().error());
  }

  // Retries

  @Test
  void retriesWithDoublingBackoffAtTheExactInstantUntilAttemptsAreExhausted() {
    for (Outcome failure :
        List.of(
            UNAVAILABLE,
            new Outcome.Answered(429, null),
            new Outcome.Answered(500, null),
            new Outcome.Answered(599, null),
            NO_CONNECTION)) {
      UUID id = accepted(handled(submit(call("job"), 4, Duration.ZERO)));
      for (int attempt = 1; attempt <= 3; attempt++) {
        assertEquals(id, start());
        end(id, failure);
        assertEquals(JobState.RETRYING, get(id).state());

        Duration whole = BACKOFF.multipliedBy(1L << (attempt - 1));
        Duration delay = Duration.between(clock.instant(), get(id).nextAttemptAt());
        assertBetween(whole.dividedBy(2), delay, whole);
        assertEquals(delay, queue.tick(Duration.ofHours(1)), "it wants to be woken just then");

        advance(delay.minusNanos(1));
        assertNull(queue.next());
        advance(Duration.ofNanos(1));
        assertEquals(JobState.QUEUED, get(id).state());
        assertNull(get(id).nextAttemptAt());
        assertEquals(attempt + 1, queue.next().attempt());
      }
      end(start(), failure);
      assertEquals(JobState.FAILED, get(id).state());
      assertEquals(4, get(id).attempts().size());
    }
  }

  @Test
  void waitsAsLongAsTheTargetAsks() {
    assertEquals(Duration.ofSeconds(7), delayAfter(new Outcome.Answered(503, "7")));
    assertEquals(Duration.ofSeconds(7), delayAfter(new Outcome.Answered(429, "7")));
    assertEquals(
        Duration.ofMinutes(1),
        delayAfter(new Outcome.Answered(503, "Thu, 01 Jan 2026 00:01:00 GMT")));
  }

  @Test
  void waitsNoLongerThanTheCap() {
    assertEquals(Duration.ofMinutes(10), delayAfter(new Outcome.Answered(503, "86400")));
    assertEquals(
        Duration.ofMinutes(10),
        delayAfter(new Outcome.Answered(429, "Thu, 01 Jan 2099 00:00:00 GMT")));
  }

  @Test
  void waitsForTheBackoffAtLeast() {
    assertBetween(BACKOFF.dividedBy(2), delayAfter(new Outcome.Answered(503, "0")), BACKOFF);
    assertBetween(BACKOFF.dividedBy(2), delayAfter(new Outcome.Answered(503, "whenever")), BACKOFF);
  }

  @Test
  void heedsRetryAfterOnlyOf429And503() {
    assertBetween(BACKOFF.dividedBy(2), delayAfter(new Outcome.Answered(500, "7")), BACKOFF);
  }

  @Test
  void retriesInTheOrderOfTheirInstants() {
    List<UUID> ids = List.of(accepted(handled(submit("a"))), accepted(handled(submit("b"))));
    end(start(), new Outcome.Answered(503, "9"));
    end(start(), new Outcome.Answered(503, "3"));

    advance(Duration.ofSeconds(10));
    assertEquals(ids.reversed(), List.of(start(), start()));
  }

  @Test
  void remembersTheLastAttemptsOfMany() {
    UUID id = accepted(handled(submit(call("job"), 100, Duration.ZERO)));
    for (int i = 1; i < 100; i++) {
      end(start(), NO_CONNECTION);
      advance(Duration.ofMinutes(10));
    }
    end(start(), SUCCESS);

    assertEquals(JobQueue.ATTEMPTS_KEPT, get(id).attempts().size());
    assertEquals(81, get(id).attempts().getFirst().number());
    assertEquals(100, get(id).attempts().getLast().number());
  }

  // Forgetting

  @Test
  void keepsSoManyFinishedJobs() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(accepted(handled(submit("job"))));
      end(start(), SUCCESS);
    }
    assertEquals(Optional.empty(), find(ids.get(0)));
    assertEquals(Optional.empty(), find(ids.get(1)));
    assertTrue(find(ids.get(2)).isPresent());
    assertEquals(3, look().finished());
  }

  @Test
  void keepsAFinishedJobForSoLong() {
    UUID id = accepted(handled(submit("job")));
    end(start(), SUCCESS);

    advance(Duration.ofHours(1).minusNanos(1));
    assertTrue(find(id).isPresent());
    advance(Duration.ofNanos(1));
    assertEquals(Optional.empty(), find(id));
  }

  @Test
  void knowsNoJobOfAnotherId() {
    assertEquals(Optional.empty(), find(UUID.randomUUID()));
  }

  // The end

  @Test
  void drainingRefusesThoseWhoWaitAndThoseWhoCome() {
    fill();
    Submit waiter = handled(submit(call("waits"), 3, SECOND));
    long content = look().content();
    queue.drain();

    assertEquals(new Submission.Draining(), answer(waiter));
    assertEquals(new Submission.Draining(), answer(handled(submit("comes"))));
    assertEquals(content - waiter.call().size(), look().content());
    assertTrue(look().draining());
    assertFalse(queue.isOver());
  }

  @Test
  void drainingFinishesWhatWasAcceptedRetriesIncluded() {
    UUID id = accepted(handled(submit("job")));
    queue.drain();
    end(start(), UNAVAILABLE);
    assertFalse(queue.isOver());
    advance(BACKOFF);
    end(start(), SUCCESS);

    assertTrue(queue.isOver());
    assertFalse(queue.isHandingBack());
    assertEquals(JobState.SUCCEEDED, get(id).state());
    assertEquals(List.of(), queue.unfinished());
  }

  @Test
  void shortlyBeforeTheEndWorkersHandBackWhatTheyHave() {
    UUID running = accepted(handled(submit("running")));
    UUID queued = accepted(handled(submit("queued")));
    start();
    queue.drain();

    assertEquals(SETTINGS.finishWithin(), advance(Duration.ZERO));
    advance(SETTINGS.finishWithin());
    assertTrue(queue.isHandingBack());
    assertNull(queue.next(), "nothing more is begun");
    assertFalse(queue.isOver());

    end(running, new Outcome.HandedBack());
    assertTrue(queue.isOver());
    assertEquals(
        List.of(running, queued),
        queue.unfinished().stream().map(each -> each.job().id()).toList());
    assertEquals(
        0, queue.unfinished().getFirst().attemptsMade(), "a broken off one does not count");
  }

  @Test
  void whoDoesNotHandBackInTimeIsNotWaitedFor() {
    UUID id = accepted(handled(submit("hangs")));
    start();
    queue.drain();
    advance(SETTINGS.finishWithin());
    assertEquals(SETTINGS.handBackWithin(), advance(Duration.ZERO));
    advance(SETTINGS.handBackWithin());

    assertTrue(queue.isOver());
    assertEquals(id, queue.unfinished().getFirst().job().id());
  }

  @Test
  void doesNotWaitForARetryThatComesTooLate() {
    UUID id = accepted(handled(submit("job")));
    queue.drain();
    end(start(), new Outcome.Answered(503, "20"));
    advance(Duration.ZERO);

    assertTrue(queue.isOver());
    UnfinishedJob left = queue.unfinished().getFirst();
    assertEquals(id, left.job().id());
    assertEquals(1, left.attemptsMade());
    assertEquals(clock.instant().plusSeconds(20), left.notBefore());
  }

  // The beginning

  @Test
  void goesOnWithTheJobsLeftOver() {
    fill();
    end(start(), new Outcome.Answered(503, "30"));
    start();
    store.save(queue.unfinished());
    List<UUID> ids = store.kept.stream().map(each -> each.job().id()).toList();

    clock.advance(Duration.ofSeconds(10)); // the time between the two runs
    queue = queue(SETTINGS);
    assertEquals(3, look().loaded());
    assertInstanceOf(Submission.Full.class, answer(handled(submit("one-too-many"))));
    assertEquals(JobState.RETRYING, get(ids.getFirst()).state());
    assertEquals(1, get(ids.getFirst()).attempts().size());
    assertEquals(ids.subList(1, 3), List.of(start(), start()));

    advance(Duration.ofSeconds(20).minusNanos(1));
    assertNull(queue.next());
    advance(Duration.ofNanos(1));
    assertEquals(2, queue.next().attempt());
    assertEquals(ids.getFirst(), start());
  }

  @Test
  void theStoreForgetsTheJobsLeftOverWhenTheLastOfThemIsFinished() {
    fill();
    store.save(queue.unfinished());
    queue = queue(SETTINGS);

    end(start(), SUCCESS);
    accepted(handled(submit("a-new-one")));
    end(start(), new Outcome.Answered(404, null));
    assertEquals(3, store.kept.size(), "after a crash now, all three would run again");
    end(start(), SUCCESS);
    assertEquals(0, store.kept.size());
  }

  @Test
  void doesNotStartWithMoreLeftOverThanItHolds() {
    fill();
    store.save(queue.unfinished());
    var smaller =
        new PoolSettings(
            1, 1, 2, 10_000, TIMEOUT, 1, TIMEOUT, 1, TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT);

    String message =
        assertThrows(IllegalArgumentException.class, () -> queue(smaller)).getMessage();
    assertTrue(message.startsWith("the 3 jobs left over from the last run"), message);
    assertTrue(message.contains("the capacity of 2 jobs"), message);
  }

  // All of it

  /** A long random walk: at every step the promises of the snapshot and of the line hold. */
  @Test
  void keepsItsPromisesWhateverHappens() {
    var random = new SplittableRandom(11);
    Set<UUID> running = new HashSet<>();
    List<Submit> waiting = new ArrayList<>();
    long answeredAccepted = 0;
    long answeredFull = 0;
    for (int step = 0; step < 100_000; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          Duration wait = Duration.ofMillis(random.nextInt(3) * 200L);
          waiting.add(handled(submit(call("walk"), random.nextInt(1, 5), wait)));
        }
        case 2 -> {
          if (running.size() < SETTINGS.workers() && queue.next() != null) {
            assertTrue(running.add(start()), "a job runs once at a time");
          }
        }
        case 3, 4 -> {
          if (!running.isEmpty()) {
            UUID id = running.iterator().next();
            running.remove(id);
            end(id, randomOutcome(random));
          }
        }
        default -> clock.advance(Duration.ofMillis(random.nextInt(300)));
      }
      advance(Duration.ZERO);
      boolean openBefore = false;
      for (var all = waiting.iterator(); all.hasNext(); ) {
        Reply<Submission> reply = all.next().reply();
        if (!reply.isDone()) {
          openBefore = true;
          continue;
        }
        all.remove();
        if (Samples.answer(reply) instanceof Submission.Accepted) {
          assertFalse(openBefore, "nobody overtakes the line");
          answeredAccepted++;
        } else {
          answeredFull++;
        }
      }
      QueueSnapshot now = look();
      assertTrue(now.depth() <= now.capacity(), now::toString);
      assertEquals(now.depth(), now.queued() + now.running() + now.retrying());
      assertEquals(now.accepted(), now.depth() + now.succeeded() + now.failed());
      assertEquals(answeredAccepted, now.accepted());
      assertEquals(answeredFull, now.refused());
      assertEquals(waiting.size(), now.waiting());
      assertEquals(running.size(), now.running());
      assertTrue(now.waiting() == 0 || now.depth() == now.capacity(), "nobody waits in vain");
    }
    QueueSnapshot end = look();
    for (long seen : List.of(end.succeeded(), end.failed(), end.retried(), end.refused())) {
      assertNotEquals(0, seen, end::toString);
    }
  }

  private static Outcome randomOutcome(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> SUCCESS;
      case 2 -> NO_CONNECTION;
      case 3 -> new Outcome.Answered(503, "1");
      case 4 -> new Outcome.Answered(404, null);
      default -> new Outcome.HandedBack();
    };
  }

  // The queue as its process uses it

  private JobQueue queue(PoolSettings settings) {
    return new JobQueue(settings, store, store.load(), clock, new SplittableRandom(5));
  }

  private Submit handled(Submit submit) {
    queue.handle(submit);
    return submit;
  }

  private void fill() {
    while (look().depth() < SETTINGS.capacity()) {
      accepted(handled(submit("filler")));
    }
  }

  private UUID start() {
    Assignment next = queue.next();
    assertTrue(next != null, "there is no work");
    queue.started();
    return next.job().id();
  }

  private void end(UUID id, Outcome outcome) {
    queue.attempted(new Attempted(id, outcome));
  }

  private Duration advance(Duration by) {
    clock.advance(by);
    return queue.tick(Duration.ofHours(1));
  }

  private Duration delayAfter(Outcome outcome) {
    UUID id = accepted(handled(submit("job")));
    end(start(), outcome);
    JobSnapshot job = get(id);
    Instant next = job.nextAttemptAt();
    Duration delay = Duration.between(clock.instant(), next);
    queue = queue(SETTINGS); // so that the next one starts from the same instant
    return delay;
  }

  private List<String> pathsInOrderOfWork() {
    List<String> paths = new ArrayList<>();
    while (queue.next() != null) {
      Job job = queue.next().job();
      paths.add(job.call().url().getPath().substring(1));
      queue.started();
    }
    return paths.stream().filter(path -> !path.equals("filler")).toList();
  }

  private static Submission answer(Submit submit) {
    return Samples.answer(submit.reply());
  }

  private static UUID accepted(Submit submit) {
    return assertInstanceOf(Submission.Accepted.class, answer(submit)).id();
  }

  private Optional<JobSnapshot> find(UUID id) {
    var reply = new Reply<Optional<JobSnapshot>>();
    queue.handle(new GetJob(id, reply));
    return Samples.answer(reply);
  }

  private JobSnapshot get(UUID id) {
    return find(id).orElseThrow();
  }

  private QueueSnapshot look() {
    var reply = new Reply<QueueSnapshot>();
    queue.handle(new GetQueue(reply));
    return Samples.answer(reply);
  }

  private static void assertBetween(Duration least, Duration actual, Duration most) {
    assertTrue(
        least.compareTo(actual) <= 0 && actual.compareTo(most) <= 0,
        actual + " is not from " + least + " to " + most);
  }
}
