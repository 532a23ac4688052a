package dev.sluice.pool.store;

import static dev.sluice.pool.store.TestJobs.LEASE;
import static dev.sluice.pool.store.TestJobs.job;
import static dev.sluice.pool.store.TestJobs.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.sqlite.WriterControl;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.sqlite.SqliteFileException;
import dev.sluice.store.sqlite.SqliteSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NoLeaks
@Timeout(120)
class SqliteEngineTest extends JobStoreContract {
  private static final Verdict DONE = new Verdict.Succeeded(null, null);

  @TempDir Path directory;

  private final VirtualClock clock = new VirtualClock();
  private SqliteFixture file;
  private JobDriver driver;
  private JobDriver other;

  @BeforeEach
  void open() {
    file = new SqliteFixture(path(), clock, TestJobs.DEFAULTS);
    driver = new JobDriver(file.engine());
    other = new JobDriver(file.engine());
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Override
  protected JobDriver driver() {
    return driver;
  }

  @Override
  protected JobDriver otherDriver() {
    return other;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }

  @Test
  void aRestartForgetsNothing() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    UUID done = accept(job(QUEUE).high().key("k"));
    UUID running = accept(job(QUEUE).high());
    List<LeasedJob> leased = lease(2);
    assertEquals(
        new Steered.Done(JobState.SUCCEEDED),
        end(leased.get(0), new Verdict.Succeeded(200, Payload.json("[\"\u00e4\"]"))));
    var before = new ArrayList<JobView>();
    for (UUID id :
        List.of(
            done,
            running,
            accept(job(QUEUE).payload(new Payload(Payload.Form.BYTES, all))),
            accept(job(QUEUE).payload(Payload.NONE).group("g").delay(Duration.ofHours(1))),
            accept(job(QUEUE).group("g").deadline(now().plus(Duration.ofHours(2)))),
            accept(job("push").call(TestJobs.call())))) {
      before.add(view(id));
    }
    driver.on("paused", jobs -> jobs.configure("paused", settings(Kind.PULL, 3)));
    driver.on("paused", jobs -> jobs.pause("paused", true));
    var counts = driver.on(Jobs::counts);
    var queues = driver.on(Jobs::queues);

    restart();

    assertEquals(before, before.stream().map(each -> view(each.id())).toList());
    assertEquals(counts, driver.on(Jobs::counts));
    assertEquals(queues, driver.on(Jobs::queues));
    assertEquals(new Submitted.Existing(done, JobState.SUCCEEDED), submit(job(QUEUE).key("k")));
    assertEquals(
        new Steered.Done(JobState.SUCCEEDED), end(leased.get(1), DONE), "a worker outside goes on");
  }

  @Test
  void aLeaseThatRanOutWhileTheServiceWasDownIsOver() {
    UUID id = accept(job(QUEUE));
    LeasedJob leased = lease(1).getFirst();
    close();
    pass(LEASE);
    open();
    assertEquals(new Steered.Refused(JobState.RUNNING), end(leased, DONE));
    sweep();
    assertEquals(JobState.QUEUED, state(id));
  }

  @Test
  void aCallThatTheServiceDidNotSurviveIsMadeAgain() {
    UUID first = accept(job("push").call(TestJobs.call()));
    UUID last = accept(job("push").call(TestJobs.call()).attempts(1));
    List<LeasedJob> lost =
        driver.on("push", jobs -> jobs.lease("push", Kind.PUSH, 2, null, "here"));

    for (int crash = 1; crash <= 3; crash++) {
      restart();
      assertEquals(List.of(JobState.QUEUED, JobState.QUEUED), List.of(state(first), state(last)));
      assertEquals(crash, view(last).attempts().size());
      assertEquals(
          "the service stopped during the attempt", view(last).attempts().getLast().error());
      assertEquals(0, view(last).attemptsMade());
      assertEquals(Math.min(crash, 2), view(first).attemptsMade());
      lost.forEach(each -> assertEquals(new Steered.Refused(JobState.QUEUED), end(each, DONE)));
      lost = driver.on("push", jobs -> jobs.lease("push", Kind.PUSH, 2, null, "here"));
      assertEquals(List.of(first, last), lost.stream().map(LeasedJob::id).toList());
      assertEquals(crash + 1, lost.getFirst().attempt());
    }
    assertEquals(
        new Steered.Done(JobState.FAILED),
        end(lost.getLast(), new Verdict.Retry(500, "broken", Duration.ZERO, true)));
  }

  @Test
  void aGroupGoesOnAfterARestart() {
    UUID first = accept(job(QUEUE).group("g"));
    UUID second = accept(job(QUEUE).group("g"));
    LeasedJob leased = lease(10).getFirst();
    restart();
    assertEquals(first, leased.id());
    assertEquals(List.of(), lease(10));
    end(leased, DONE);
    assertEquals(second, lease(10).getFirst().id());
  }

  @Test
  void whatIsLearntOfAQueueIsForgottenWithTheTransaction() throws InterruptedException {
    accept(job(QUEUE));
    var control = new WriterControl(file.engine());
    control.fillDisk();
    var failed =
        driver.outcome(
            new Subject.Queue(QUEUE),
            jobs -> {
              jobs.configure(QUEUE, settings(Kind.PULL, 1));
              jobs.pause(QUEUE, true);
              jobs.submit(job("new").payload("1".repeat(900)).job(), new UUID(3, 3));
              for (int i = 0; i < 5; i++) {
                jobs.submit(large(i).job(), new UUID(4, i));
              }
              return jobs.counts().size();
            });
    assertInstanceOf(Outcome.Failed.class, failed);
    control.emptyDisk();
    assertEquals(
        settings(Kind.PULL), driver.on(jobs -> jobs.queue(QUEUE)).orElseThrow().settings());
    assertEquals(Set.of(QUEUE), driver.on(Jobs::counts).keySet());
    assertEquals(1, lease(10).size());
  }

  @Test
  void whenTheDiskIsFullNothingIsAcceptedAndNothingIsCounted() throws InterruptedException {
    UUID kept = accept(job(QUEUE));
    driver.changes();
    var counts = driver.on(Jobs::counts);
    var control = new WriterControl(file.engine());
    control.fillDisk();

    var outcomes = new ArrayList<Outcome<Submitted>>();
    for (int i = 0; i < 9; i++) {
      UUID id = new UUID(5, i);
      var job = large(i).job();
      driver.submit(new Subject.Queue(job.queue()), jobs -> jobs.submit(job, id), outcomes::add);
    }
    driver.store().flush();
    driver.awaitAll();
    assertEquals(9, outcomes.size());
    for (Outcome<Submitted> each : outcomes) {
      var why = assertInstanceOf(Outcome.Failed.class, each).why();
      var unavailable = assertInstanceOf(StoreFailure.Unavailable.class, why);
      assertTrue(unavailable.reason().contains("FULL"), unavailable.reason());
    }
    assertEquals(List.of(), driver.changes());
    assertFalse(driver.store().status().isReady());

    control.emptyDisk();
    driver.awaitAll(); // what status() has tried
    driver.store().status();
    driver.awaitAll();
    assertTrue(driver.store().status().isReady());
    assertEquals(counts, driver.on(Jobs::counts));
    assertEquals(JobState.QUEUED, state(kept));
    assertInstanceOf(Submitted.Accepted.class, submit(large(0)));
    restart();
    assertEquals(2, driver.on(Jobs::counts).size());
  }

  @Test
  void manySubmitsAreFewCommits() throws InterruptedException {
    var control = new WriterControl(file.engine());
    long before = control.commits();
    var gate = new CountDownLatch(1);
    control.hold(gate);
    driver.submit(
        new Subject.Queue(QUEUE), jobs -> jobs.configure(QUEUE, settings(Kind.PULL, 500)), _ -> {});
    var accepted = new ArrayList<UUID>();
    for (int i = 0; i < 500; i++) {
      UUID id = new UUID(6, i);
      driver.submit(
          new Subject.Queue(QUEUE),
          jobs -> jobs.submit(job(QUEUE).payload(Payload.NONE).job(), id),
          outcome -> {
            if (outcome instanceof Outcome.Done<Submitted>(Submitted.Accepted told)) {
              accepted.add(told.id());
            }
          });
      driver.store().flush(); // each as if it had come alone
    }
    assertEquals(List.of(), accepted);
    gate.countDown();
    driver.awaitAll();
    assertEquals(500, accepted.size());
    long commits = control.commits() - before;
    assertTrue(commits < 20, () -> commits + " commits");
  }

  @Test
  void whoComesWhileTooMuchWaitsForTheDiskIsToldThatNothingWasDone() throws InterruptedException {
    var gate = new CountDownLatch(1);
    new WriterControl(file.engine()).hold(gate);
    for (int i = 0; i < SqliteSession.MAX_TASKS; i++) {
      driver.submit(new Subject.Any(), Jobs::now, _ -> {});
    }
    assertTrue(driver.store().isFull());
    var told = new ArrayList<Outcome<Submitted>>();
    driver.submit(
        new Subject.Queue(QUEUE), jobs -> jobs.submit(job(QUEUE).job(), new UUID(7, 7)), told::add);
    assertEquals(
        List.of(new Outcome.Failed<>(new StoreFailure.Busy("too many answers wait for the disk"))),
        told);
    gate.countDown();
    driver.store().flush();
    driver.awaitAll();
    assertEquals(0, counts(QUEUE).depth());
    accept(job(QUEUE));
  }

  @Test
  void anotherProgramsFileIsNotTouched() throws SQLException {
    Path foreign = directory.resolve("foreign.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE job(seq INTEGER)");
    }
    var thrown =
        assertThrows(
            SqliteFileException.class, () -> new SqliteFixture(foreign, clock, TestJobs.DEFAULTS));
    assertEquals(
        foreign + " cannot be opened: it is another program's database", thrown.getMessage());
  }

  @Test
  void theFileIsNotSharedWithASecondService() {
    assertFalse(file.engine().isShared());
    var thrown =
        assertThrows(
            SqliteFileException.class, () -> new SqliteFixture(path(), clock, TestJobs.DEFAULTS));
    assertEquals(path() + " cannot be opened: another process has it", thrown.getMessage());
  }

  /** In a queue of its own, with room; its payload needs pages. */
  private static TestJobs.Wish large(int number) {
    return job("q" + number % 3)
        .group("a long name ".repeat(500) + number)
        .payload("1".repeat(300));
  }

  private void restart() {
    close();
    open();
  }

  private Path path() {
    return directory.resolve("pool.db");
  }
}
