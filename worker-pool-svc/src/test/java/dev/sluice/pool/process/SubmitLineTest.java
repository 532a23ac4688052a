package dev.sluice.pool.process;

import static dev.sluice.pool.process.PoolFixture.SECOND;
import static dev.sluice.pool.process.PoolFixture.accepted;
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
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Submits that wait for room. */
@NoLeaks
@Timeout(60)
class SubmitLineTest {
  private static final Verdict DONE = new Verdict.Succeeded(null, null);

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
  void acceptsAsManyAsTheQueueHoldsAndRefusesTheNext() throws InterruptedException {
    fill("q");
    assertEquals(new Submitted.Full(3, 3, 9, 1_000, SECOND), all.submit(job("q", "4")).await());
    accepted(all.submit(job("other", "1")));
  }

  @Test
  void servesThoseWhoWaitFirstComeFirstServed() throws InterruptedException {
    fill("q");
    Reply<Submitted> first = waiting("first");
    Reply<Submitted> second = waiting("second");
    Reply<Submitted> third = waiting("third");

    finishOne();
    accepted(first);
    all.settle();
    assertFalse(second.isDone());

    finishOne();
    finishOne();
    assertTrue(accepted(second).compareTo(accepted(third)) < 0);
    assertEquals(
        List.of("first", "second", "third"), names(all.lease("q", 9, Duration.ZERO).await()));
  }

  @Test
  void manyAreServedWhenMuchBecomesFree() throws InterruptedException {
    fill("q");
    List<Reply<Submitted>> line = List.of(waiting("1"), waiting("2"), waiting("3"), waiting("4"));
    assertEquals(3, all.pool.purge("q", false).await());

    for (int i = 0; i < 3; i++) {
      accepted(line.get(i));
    }
    all.settle();
    assertFalse(line.get(3).isDone());
  }

  @Test
  void aNewcomerDoesNotOvertakeTheLine() throws InterruptedException {
    fill("q");
    Reply<Submitted> waiting = waiting("waits");
    all.settle();
    Reply<Submitted> patient = waiting("patient");

    assertInstanceOf(Submitted.Full.class, all.submit(job("q", "impatient")).await());
    finishOne();
    accepted(waiting);
    all.settle();
    assertFalse(patient.isDone());
  }

  @Test
  void roomThatIsToldBeforeTheRefusalIsNotMissed() throws InterruptedException {
    fill("q");
    all.engine.holdNext();
    Reply<Submitted> waiting = waiting("waits");
    all.settle();
    finishOne();
    all.settle();
    assertFalse(waiting.isDone());

    all.engine.release();
    accepted(waiting);
  }

  @Test
  void whoseWaitRanOutIsRefusedAtThatInstant() throws InterruptedException {
    fill("q");
    Reply<Submitted> waiting = waiting("waits", SECOND);
    all.jump(SECOND.minusNanos(1));
    assertFalse(waiting.isDone());

    all.jump(Duration.ofNanos(1));
    assertInstanceOf(Submitted.Full.class, waiting.await());
    assertEquals(0, all.pool.counts().await().waitingSubmits());
    assertEquals(0, all.pool.counts().await().waitingBytes());
  }

  @Test
  void whoWentAwayWhileWaitingLeavesNoJobAndNoPlace() throws InterruptedException {
    fill("q");
    Reply<Submitted> gone = waiting("gone");
    Reply<Submitted> next = waiting("next");
    all.settle();
    gone.abandon();
    all.settle();
    assertEquals(1, all.pool.counts().await().waitingSubmits());

    finishOne();
    accepted(next);
    finishOne();
    finishOne();
    assertEquals(List.of("next"), names(all.lease("q", 9, Duration.ZERO).await()));
  }

  @Test
  void whoIsRefusedIsToldWhenThereMayBeRoomBehindThoseWhoWait() throws InterruptedException {
    fill("q");
    finishOne();
    all.jump(SECOND.multipliedBy(6));
    fill("q", 1);
    assertEquals(Duration.ofMillis(6_311), refused(), "one has ended, in six seconds");

    waiting("first");
    waiting("second");
    assertEquals(Duration.ofMillis(18_931), refused());
    finishOne();
    all.settle();
    assertEquals(Duration.ofMillis(5_996), refused());
  }

  private Duration refused() throws InterruptedException {
    var full = assertInstanceOf(Submitted.Full.class, all.submit(job("q", "impatient")).await());
    return full.roomIn();
  }

  @Test
  void refusesMoreWaitersThanThereArePlaces() throws InterruptedException {
    fill("q");
    for (int i = 0; i < 4; i++) {
      waiting("waits");
    }
    assertInstanceOf(Submitted.Full.class, waiting("too many").await());
    assertEquals(1, all.pool.counts().await().events().refusedFull());
  }

  @Test
  void refusesMoreBytesThanMayWait() throws InterruptedException {
    fill("q");
    Reply<Submitted> large = all.pool.submit(sized(900), SECOND);
    all.settle();
    assertFalse(large.isDone());
    assertInstanceOf(Submitted.Full.class, all.pool.submit(sized(101), SECOND).await());
    all.settle();
    assertEquals(900, all.pool.counts().await().waitingBytes());
  }

  @Test
  void oneThatCanNeverFitDoesNotWait() throws InterruptedException {
    assertEquals(
        new Submitted.Full(0, 3, 0, 1_000, SECOND), all.pool.submit(sized(1_001), SECOND).await());
  }

  @Test
  void aLargeOneInFrontIsPassedOnlyWhenItGivesUp() throws InterruptedException {
    accepted(all.submit(sized(500)));
    Reply<Submitted> large = all.pool.submit(sized(600), SECOND);
    all.settle();
    Reply<Submitted> small = all.pool.submit(sized(100), SECOND.multipliedBy(5));
    all.settle();
    assertFalse(small.isDone(), "first come, first served");

    all.jump(SECOND);
    assertInstanceOf(Submitted.Full.class, large.await());
    accepted(small);
  }

  @Test
  void moreCapacityServesTheLine() throws InterruptedException {
    fill("q");
    Reply<Submitted> waiting = waiting("waits");
    all.settle();
    assertTrue(
        all.pool.configure("q", PoolFixture.settings(PoolFixture.PULL.kind(), 4, 1_000)).await());
    accepted(waiting);
  }

  @Test
  void whoRepeatsAnAcceptedSubmitIsAnsweredThoughOthersWait() throws InterruptedException {
    UUID id = all.accepted(keyed("first", "k"));
    fill("q", 2);
    Reply<Submitted> waiting = waiting("waits");
    all.settle();

    assertEquals(
        new Submitted.Existing(id, JobState.QUEUED), all.submit(keyed("first", "k")).await());
    assertInstanceOf(Submitted.Mismatch.class, all.submit(keyed("other", "k")).await());
    assertInstanceOf(Submitted.Full.class, all.submit(keyed("new", "k2")).await());
    assertFalse(waiting.isDone());

    Reply<Submitted> patient = all.pool.submit(keyed("new", "k2"), SECOND);
    finishOne();
    accepted(waiting);
    finishOne();
    accepted(patient);
  }

  @Test
  void aBatchIsAnsweredInItsOrder() throws InterruptedException {
    List<SubmitPart> parts =
        all.pool
            .submitAll(
                List.of(job("q", "1"), job("q", "2"), job("q", "3"), job("q", "4")), Duration.ZERO)
            .await();
    for (int i = 0; i < 3; i++) {
      assertInstanceOf(Submitted.Accepted.class, outcome(parts.get(i)));
    }
    assertInstanceOf(Submitted.Full.class, outcome(parts.get(3)));
    assertEquals(List.of(), all.pool.submitAll(List.of(), Duration.ZERO).await());
  }

  private static Submitted outcome(SubmitPart part) {
    return assertInstanceOf(SubmitPart.Done.class, part).outcome();
  }

  @Test
  void ofABatchThatIsCutShortEachIsToldWhatHasComeOfIt() throws InterruptedException {
    fill("full");
    Reply<List<SubmitPart>> batch =
        all.pool.submitAll(List.of(job("q", "fits"), job("full", "waits")), SECOND);
    all.settle();
    all.pool.drain();
    List<SubmitPart> parts = batch.await();
    assertInstanceOf(Submitted.Accepted.class, outcome(parts.getFirst()));
    assertEquals(
        new RefusedException.Reason.Draining(),
        assertInstanceOf(SubmitPart.Refused.class, parts.getLast()).why().reason());
  }

  @Test
  void aBatchOfWhichNothingWasTakenIsRefusedAsAWhole() throws InterruptedException {
    all.pool.drain();
    var refused =
        assertThrows(
            RefusedException.class,
            () -> all.pool.submitAll(List.of(job("q", "a"), job("q", "b")), Duration.ZERO).await());
    assertEquals(new RefusedException.Reason.Draining(), refused.reason());
  }

  @Test
  void aBatchThatIsAbandonedLeavesNothingWaiting() throws InterruptedException {
    fill("q");
    Reply<List<SubmitPart>> batch =
        all.pool.submitAll(List.of(job("q", "a"), job("q", "b")), SECOND);
    all.settle();
    assertEquals(2, all.pool.counts().await().waitingSubmits());
    batch.abandon();
    all.settle();
    assertEquals(0, all.pool.counts().await().waitingSubmits());
  }

  @Test
  void drainingRefusesThoseWhoWaitAndThoseWhoCome() throws InterruptedException {
    fill("q");
    Reply<Submitted> waiting = waiting("waits");
    all.settle();
    all.pool.drain();
    assertEquals(
        new RefusedException.Reason.Draining(),
        assertThrows(RefusedException.class, waiting::await).reason());
    assertEquals(
        new RefusedException.Reason.Draining(),
        assertThrows(RefusedException.class, () -> all.submit(job("q", "late")).await()).reason());
  }

  private void fill(String queue) throws InterruptedException {
    fill(queue, 3);
  }

  private void fill(String queue, int many) throws InterruptedException {
    for (int i = 0; i < many; i++) {
      all.accepted(job(queue, "f"));
    }
  }

  private Reply<Submitted> waiting(String name) {
    return waiting(name, SECOND.multipliedBy(100));
  }

  private Reply<Submitted> waiting(String name, Duration wait) {
    return all.pool.submit(job("q", name), wait);
  }

  private void finishOne() throws InterruptedException {
    LeasedJob job = all.lease("q", 1, Duration.ZERO).await().getFirst();
    all.pool.end(job.id(), job.lease(), DONE).await();
  }

  private static NewJob sized(int bytes) {
    NewJob plain = job("q", "");
    return new NewJob(
        "q",
        new Payload(Payload.Form.BYTES, new byte[bytes]),
        null,
        plain.priority(),
        plain.delay(),
        null,
        null,
        plain.terms(),
        null,
        null,
        null);
  }

  private static NewJob keyed(String name, String key) {
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
        key,
        null,
        null);
  }
}
