package dev.sluice.pool.process;

import static dev.sluice.pool.process.PoolFixture.SECOND;
import static dev.sluice.pool.process.PoolFixture.call;
import static dev.sluice.pool.process.PoolFixture.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who wait for results, and those who watch. */
@NoLeaks
@Timeout(60)
class WaitingAndWatchingTest {
  private static final UUID NO_JOB = new UUID(1, 1);

  private PoolFixture all;

  @BeforeEach
  void start() throws InterruptedException {
    all = new PoolFixture();
  }

  @AfterEach
  void end() {
    all.close();
  }

  // Results

  @Test
  void whoWaitsGetsTheResultWhenTheJobIsFinished() throws InterruptedException {
    UUID id = all.accepted(call("job"));
    Reply<Optional<JobView>> one = all.pool.awaitEnd(id, SECOND);
    Reply<Optional<JobView>> two = all.pool.awaitEnd(id, SECOND);
    all.settle();
    assertFalse(one.isDone());
    all.target.calls().receive().answer(ScriptedTarget.result(200, "7"));
    assertEquals("7", one.await().orElseThrow().result().text());
    assertEquals(JobState.SUCCEEDED, two.await().orElseThrow().state());
    assertEquals(0, all.pool.counts().await().waitingResults());
  }

  @Test
  void whoseWaitIsOverGetsTheJobAsItIs() throws InterruptedException {
    UUID id = all.accepted(job("q", "a"));
    Reply<Optional<JobView>> waiting = all.pool.awaitEnd(id, SECOND);
    all.jump(SECOND);
    assertEquals(JobState.QUEUED, waiting.await().orElseThrow().state());
    assertEquals(
        JobState.QUEUED, all.pool.awaitEnd(id, Duration.ZERO).await().orElseThrow().state());
  }

  @Test
  void aFinishedJobAndOneThatIsNotThereAreAnsweredAtOnce() throws InterruptedException {
    UUID id = all.accepted(job("q", "a"));
    all.pool.cancel(id).await();
    assertEquals(JobState.CANCELLED, all.pool.awaitEnd(id, SECOND).await().orElseThrow().state());
    assertEquals(Optional.empty(), all.pool.awaitEnd(NO_JOB, SECOND).await());
  }

  @Test
  void whoHasGoneLeavesItsPlace() throws InterruptedException {
    UUID id = all.accepted(job("q", "a"));
    List<Reply<Optional<JobView>>> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiting.add(all.pool.awaitEnd(id, SECOND));
    }
    all.settle();
    assertEquals(
        new RefusedException.Reason.Overloaded("requests that wait for a result"),
        assertThrows(RefusedException.class, () -> all.pool.awaitEnd(id, SECOND).await()).reason());
    waiting.getFirst().abandon();
    all.settle();
    assertEquals(3, all.pool.counts().await().waitingResults());
  }

  @Test
  void theEndOfThePoolAnswersHowTheJobIs() throws InterruptedException {
    UUID id = all.accepted(job("q", "a"));
    Reply<Optional<JobView>> waiting = all.pool.awaitEnd(id, SECOND);
    all.settle();
    all.pool.drain();
    all.processes.join();
    assertEquals(JobState.QUEUED, waiting.await().orElseThrow().state());
  }

  // Watches

  @Test
  void aJobIsWatchedUntilItIsFinished() throws InterruptedException {
    UUID id = all.accepted(job("q", "a"));
    Watch watch = all.pool.watchJob(id).await().orElseThrow();
    LeasedJob job = all.lease("q", 1, Duration.ZERO).await().getFirst();
    all.pool.extend(id, job.lease(), null, Payload.json("50")).await();
    all.pool.end(id, job.lease(), new Verdict.Succeeded(null, null)).await();

    List<Change> seen = new ArrayList<>();
    for (Change change : watch.changes()) {
      seen.add(change);
    }
    assertEquals(
        List.of(JobState.RUNNING, JobState.RUNNING, JobState.SUCCEEDED),
        seen.stream().map(Change::to).toList());
    assertEquals("50", seen.get(1).progress().text());
    assertEquals(0, all.pool.counts().await().watches());
  }

  @Test
  void aFinishedJobsWatchHasNothingToSay() throws InterruptedException {
    UUID id = all.accepted(job("q", "a"));
    all.pool.cancel(id).await();
    assertNull(all.pool.watchJob(id).await().orElseThrow().changes().receiveOrNull());
    assertEquals(Optional.empty(), all.pool.watchJob(NO_JOB).await());
    assertEquals(0, all.pool.counts().await().watches());
  }

  @Test
  void aQueueIsWatchedUntilNobodyWantsItAnyMore() throws InterruptedException {
    Watch watch = all.pool.watchQueue("q").await();
    UUID id = all.accepted(job("q", "a"));
    all.accepted(job("other", "b"));
    all.pool.cancel(id).await();
    assertEquals(JobState.QUEUED, watch.changes().receive().to());
    assertEquals(JobState.CANCELLED, watch.changes().receive().to());
    all.pool.unwatch(watch);
    assertNull(watch.changes().receiveOrNull());
  }

  @Test
  void aReaderThatIsTooSlowIsLetGo() throws InterruptedException {
    Watch slow = all.pool.watchQueue("q").await();
    int changes = 0;
    while (!slow.changes().isClosedForReceive() && changes <= Watches.CAPACITY + 1) {
      all.pool.cancel(all.accepted(job("q", "a"))).await();
      changes += 2;
      if (all.pool.counts().await().watches() == 0) {
        break;
      }
    }
    assertEquals(Watches.CAPACITY + 2, changes);
    int read = 0;
    for (Change _ : slow.changes()) {
      read++;
    }
    assertEquals(Watches.CAPACITY, read, "what was in time is there");
  }

  @Test
  void asManyWatchAsMay() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      all.pool.watchQueue("q").await();
    }
    assertEquals(
        new RefusedException.Reason.Overloaded("watches"),
        assertThrows(RefusedException.class, () -> all.pool.watchQueue("q").await()).reason());
  }

  @Test
  void theEndOfThePoolEndsWatches() throws InterruptedException {
    Watch watch = all.pool.watchQueue("q").await();
    all.pool.drain();
    all.processes.join();
    assertNull(watch.changes().receiveOrNull());
    assertTrue(watch.changes().isClosedForReceive());
  }
}
