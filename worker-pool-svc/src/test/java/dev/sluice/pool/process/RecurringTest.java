package dev.sluice.pool.process;

import static dev.sluice.pool.process.PoolFixture.job;
import static dev.sluice.pool.process.PoolFixture.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.model.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that come again and again. */
@NoLeaks
@Timeout(60)
class RecurringTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;
  private PoolFixture all;

  @BeforeEach
  void start() throws InterruptedException {
    all = new PoolFixture(PoolFixture.SETTINGS, directory.resolve("jobs.db"));
    QueueSettings large = PoolFixture.settings(QueueSettings.Kind.PULL, 10_000, 1_000_000);
    assertTrue(all.pool.configure("large", large).await());
  }

  @AfterEach
  void end() {
    all.close();
  }

  @Test
  void aJobIsSubmittedAtEachTime() throws InterruptedException {
    Schedule put = put("s", "0 * * * *", Schedule.Missed.SKIP);
    assertEquals(VirtualClock.EPOCH.plus(HOUR), put.next());
    all.jump(HOUR.minusMillis(1));
    assertEquals(0, queued());
    all.jump(Duration.ofMillis(1));
    assertEquals(1, queued());
    Schedule after = all.pool.findSchedule("s").await().orElseThrow();
    assertEquals(VirtualClock.EPOCH.plus(HOUR.multipliedBy(2)), after.next());
    LeasedJob job = all.lease("large", 9, Duration.ZERO).await().getFirst();
    assertEquals(after.lastJob(), job.id());
    assertEquals("job", names(List.of(job)).getFirst());
  }

  @Test
  void whatIsMissedIsSkipped() throws InterruptedException {
    put("s", "0 * * * *", Schedule.Missed.SKIP);
    restartAfter(HOUR.multipliedBy(5).plusMinutes(30));
    all.settle();
    assertEquals(0, queued());
    assertEquals(VirtualClock.EPOCH, sinceRestart("s", HOUR.multipliedBy(6)));
    all.jump(Duration.ofMinutes(30));
    assertEquals(1, queued());
  }

  @Test
  void oneThatIsJustOnTimeIsNotMissed() throws InterruptedException {
    put("s", "0 * * * *", Schedule.Missed.SKIP);
    restartAfter(HOUR.multipliedBy(5).plusSeconds(10));
    all.settle();
    assertEquals(1, queued());
  }

  @Test
  void whatIsMissedIsCaughtUpWith() throws InterruptedException {
    put("s", "0 * * * *", Schedule.Missed.CATCH_UP);
    restartAfter(HOUR.multipliedBy(5).plusMinutes(30));
    all.settle();
    assertEquals(5, queued());
    all.jump(Duration.ofMinutes(30));
    assertEquals(6, queued());
  }

  @Test
  void muchThatIsMissedIsCaughtUpWithInSteps() throws InterruptedException {
    put("s", "* * * * *", Schedule.Missed.CATCH_UP);
    restartAfter(Duration.ofMinutes(2500).plusSeconds(1));
    all.advance(Duration.ofSeconds(1));
    assertEquals(2500, queued());
  }

  @Test
  void catchingUpWaitsForRoom() throws InterruptedException {
    put("small", "s", "0 * * * *", Schedule.Missed.CATCH_UP, false);
    restartAfter(HOUR.multipliedBy(5).plusMinutes(1));
    all.settle();
    assertEquals(3, queued("small"));
    finishOne("small");
    finishOne("small");
    all.advance(Duration.ofSeconds(3));
    assertEquals(3, queued("small"), "the other two");
    finishOne("small");
    all.advance(Duration.ofSeconds(3));
    assertEquals(2, queued("small"), "and no more");
    assertEquals(5, all.pool.counts().await().events().scheduled());
  }

  @Test
  void aTimeWithoutRoomIsMissed() throws InterruptedException {
    put("small", "s", "0 * * * *", Schedule.Missed.SKIP, false);
    for (int i = 0; i < 4; i++) {
      all.jump(HOUR);
    }
    assertEquals(3, queued("small"));
    assertEquals(1, all.pool.counts().await().events().missed());
  }

  @Test
  void aPausedScheduleRestsAndAChangedOneKeepsItsPast() throws InterruptedException {
    put("s", "0 * * * *", Schedule.Missed.SKIP);
    all.jump(HOUR);
    Schedule paused = put("large", "s", "0 * * * *", Schedule.Missed.SKIP, true);
    assertNull(paused.next());
    assertEquals(VirtualClock.EPOCH.plus(HOUR), paused.last());
    all.jump(HOUR);
    assertEquals(1, queued());
    put("s", "30 * * * *", Schedule.Missed.SKIP);
    all.jump(Duration.ofMinutes(30));
    assertEquals(2, queued());
    assertTrue(all.pool.unschedule("s").await());
    all.jump(HOUR);
    assertEquals(2, queued());
    assertEquals(List.of(), all.pool.schedules().await());
  }

  @Test
  void oneThatNeverComesIsKeptAndRests() throws InterruptedException {
    assertNull(put("s", "0 0 30 2 *", Schedule.Missed.SKIP).next());
    restartAfter(Duration.ofDays(400));
    assertEquals(0, queued());
  }

  @Test
  void refusesWhatIsNoCronExpressionAndMoreThanMayBe() throws InterruptedException {
    assertThrows(
        IllegalArgumentException.class, () -> put("s", "every minute", Schedule.Missed.SKIP));
    put("a", "0 * * * *", Schedule.Missed.SKIP);
    put("b", "0 * * * *", Schedule.Missed.SKIP);
    put("b", "1 * * * *", Schedule.Missed.SKIP);
    assertEquals(
        new RefusedException.Reason.Overloaded("schedules"),
        assertThrows(RefusedException.class, () -> put("c", "0 * * * *", Schedule.Missed.SKIP))
            .reason());
  }

  /** Ends the pool, and begins another on its file so much later. */
  private void restartAfter(Duration pause) throws InterruptedException {
    all.settle();
    all.close();
    all = new PoolFixture(PoolFixture.SETTINGS, directory.resolve("jobs.db"), pause);
  }

  private Instant sinceRestart(String name, Duration since) throws InterruptedException {
    Instant next = all.pool.findSchedule(name).await().orElseThrow().next();
    return next == null ? Instant.MAX : next.minus(since);
  }

  private Schedule put(String name, String cron, Schedule.Missed missed)
      throws InterruptedException {
    return put("large", name, cron, missed, false);
  }

  private Schedule put(
      String queue, String name, String cron, Schedule.Missed missed, boolean paused)
      throws InterruptedException {
    Reply<Schedule> reply =
        all.pool.schedule(
            new Schedule(
                name, cron, ZoneOffset.UTC, missed, job(queue, "job"), paused, null, null, null));
    return reply.await();
  }

  private long queued() throws InterruptedException {
    return queued("large");
  }

  private long queued(@Nullable String queue) throws InterruptedException {
    all.settle();
    return all.pool.queue(queue).await().map(look -> look.counts().queued()).orElse(0L);
  }

  private void finishOne(String queue) throws InterruptedException {
    LeasedJob job = all.lease(queue, 1, Duration.ZERO).await().getFirst();
    all.pool.end(job.id(), job.lease(), new Verdict.Succeeded(null, null)).await();
  }
}
