package dev.sluice.pool.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.JobStore.News;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.Jobs;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.pool.store.TestJobs;
import dev.sluice.pool.store.sql.Sql;
import dev.sluice.pool.store.sql.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several instances on one database at once. */
@NoLeaks
@Timeout(120)
class PostgresInstancesTest {
  private static final String QUEUE = "orders";
  private static final int CAPACITY = 100;
  private static final Duration DELAY = Duration.ofMinutes(1);
  private static final Verdict DONE = new Verdict.Succeeded(null, null);
  private static final QueueDefaults DEFAULTS =
      new QueueDefaults(
          TestJobs.settings(Kind.PULL, CAPACITY), TestJobs.settings(Kind.PUSH, CAPACITY), 100);

  private final String address = PostgresServer.shared().createDatabase();
  private final List<Instance> instances =
      IntStream.range(0, 3).mapToObj(_ -> new Instance(address, DEFAULTS)).toList();
  private final Instance first = instances.get(0);
  private final Instance second = instances.get(1);

  @AfterEach
  void close() {
    instances.forEach(Instance::close);
  }

  @Test
  void theyMakeTheTablesOnceWhenTheyStartAtTheSameTime() throws InterruptedException {
    String fresh = PostgresServer.shared().createDatabase();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var started = new ConcurrentLinkedQueue<Instance>();
    var go = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(_ ->
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        go.await();
                        started.add(new Instance(fresh, DEFAULTS));
                      } catch (InterruptedException | RuntimeException failure) {
                        failures.add(failure);
                      }
                    }))
            .toList();
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    started.forEach(Instance::close);
    assertEquals(List.of(), List.copyOf(failures));
    assertEquals(4, started.size());
  }

  @Test
  void aNewerSchemaIsLeftAlone() {
    PostgresServer.execute(address, "UPDATE sluice.version SET number = 99");
    var thrown = assertThrows(PostgresException.class, () -> new Instance(address, DEFAULTS));
    assertTrue(
        thrown
            .getMessage()
            .matches(
                "postgresql://127\\.0\\.0\\.1:\\d+/test_\\d+ cannot be used: its schema is version"
                    + " 99, this program knows versions up to 1"),
        thrown.getMessage());
  }

  @Test
  void whatIsExtendedAndEndedInOneTransactionIsKept() {
    try (var alone = new Instance(address + "?lanes=1", DEFAULTS)) {
      List<LeasedJob> leased = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        UUID id = id(0, i);
        alone.on(new Subject.Queue(QUEUE), jobs -> jobs.submit(TestJobs.job(QUEUE).job(), id));
      }
      leased.addAll(
          alone.on(new Subject.Queue(QUEUE), jobs -> jobs.lease(QUEUE, Kind.PULL, 2, null, null)));
      LeasedJob other = leased.get(0);
      LeasedJob job = leased.get(1);
      var told = new ArrayList<Outcome<Steered>>();
      var failed = new Verdict.Failed(null, "hopeless", null);
      alone.submit(
          new Subject.Job(other.id()),
          jobs -> jobs.end(other.id(), other.lease(), DONE),
          told::add);
      alone.submit(
          new Subject.Job(job.id()),
          jobs -> jobs.extend(job.id(), job.lease(), Duration.ofMillis(1), null),
          told::add);
      alone.submit(
          new Subject.Job(job.id()), jobs -> jobs.end(job.id(), job.lease(), failed), told::add);
      alone.awaitAll();
      assertEquals(new Outcome.Done<>(new Steered.Done(JobState.FAILED)), told.getLast());

      Instant over = alone.on(new Subject.Any(), Jobs::now).plusMillis(2);
      while (alone.on(new Subject.Any(), Jobs::now).isBefore(over)) {
        Thread.onSpinWait();
      }
      alone.on(new Subject.Any(), jobs -> jobs.sweep(100));
      assertEquals(
          JobState.FAILED,
          alone.on(new Subject.Any(), jobs -> jobs.find(job.id())).orElseThrow().state());
    }
  }

  @Test
  void whatFollowsAFailureInATransactionIsNotDoneInTheNext() throws SQLException {
    try (Link link = Link.open(PostgresSettings.parse(address), false)) {
      link.execute("CREATE TEMPORARY TABLE one(number bigint PRIMARY KEY)");
      link.execute("CREATE TEMPORARY TABLE two(number bigint)");
      link.commit();
      var sql = new Sql(link::statement, new PostgresDialect());
      sql.later("INSERT INTO one VALUES(?)", 1L);
      sql.later("INSERT INTO one VALUES(?)", 1L);
      sql.later("INSERT INTO two VALUES(?)", 1L);
      assertThrows(SqlFailure.class, sql::flush);
      sql.drop();
      link.rollback();

      sql.later("INSERT INTO two VALUES(?)", 2L);
      assertEquals(List.of(2L), sql.all("SELECT number FROM two", row -> row.number(1)));
    }
  }

  @Test
  void togetherTheyNeverTakeMoreThanTheCapacity() throws InterruptedException {
    var answers = new ConcurrentLinkedQueue<Submitted>();
    each((instance, number) -> {
      for (int i = 0; i < 2 * CAPACITY; i++) {
        submit(instance, TestJobs.job(QUEUE).job(), id(number, i), answers::add);
        instance.store().flush();
      }
      instance.awaitAll();
    });
    assertEquals(6 * CAPACITY, answers.size());
    assertEquals(
        CAPACITY, answers.stream().filter(each -> each instanceof Submitted.Accepted).count());
    assertEquals(CAPACITY, first.on(new Subject.Any(), jobs -> jobs.counts().get(QUEUE)).depth());
  }

  @Test
  void eachJobGoesToOneOfThem() throws InterruptedException {
    for (int i = 0; i < CAPACITY; i++) {
      submit(first, TestJobs.job(QUEUE).job(), id(0, i), PostgresInstancesTest::requireAccepted);
    }
    first.awaitAll();
    var leased = new ConcurrentLinkedQueue<UUID>();
    each((instance, _) -> {
      List<LeasedJob> some;
      do {
        some = lease(instance, 3);
        some.forEach(job -> leased.add(job.id()));
      } while (!some.isEmpty());
    });
    assertEquals(CAPACITY, leased.size());
    assertEquals(CAPACITY, new HashSet<>(leased).size());
  }

  @Test
  void aGroupRunsInOrderThoughAllOfThemWorkOnIt() throws InterruptedException {
    Map<UUID, Integer> places = new HashMap<>();
    for (int i = 0; i < CAPACITY; i++) {
      UUID id = id(0, i);
      places.put(id, i);
      NewJob job = TestJobs.job(QUEUE).group("g" + i % 3).job();
      submit(instances.get(i % 3), job, id, PostgresInstancesTest::requireAccepted);
      instances.get(i % 3).awaitAll(); // one after another, so that their order is known
    }
    var ended = new ConcurrentLinkedQueue<LeasedJob>();
    each((instance, _) -> {
      while (ended.size() < CAPACITY) {
        for (LeasedJob job : lease(instance, 2)) {
          ended.add(job); // while it has the job, none of its group can be before it
          assertEquals(
              Steered.Done.class,
              instance
                  .on(new Subject.Job(job.id()), jobs -> jobs.end(job.id(), job.lease(), DONE))
                  .getClass());
        }
      }
    });
    assertEquals(CAPACITY, ended.size());
    Map<String, Integer> last = new HashMap<>();
    for (LeasedJob job : ended) {
      int place = places.get(job.id());
      Integer before = last.put(job.group(), place);
      assertTrue(before == null || before < place, before + " before " + place);
    }
  }

  @Test
  void aJobOfOneIsNewsForTheOthersAndNotForItself() {
    settle(instances);
    submit(first, TestJobs.job(QUEUE).job(), id(0, 0), PostgresInstancesTest::requireAccepted);
    first.awaitAll();
    awaitNews(second, news -> news.ready().equals(Set.of(QUEUE)));

    LeasedJob job = lease(second, 1).getFirst();
    second.on(new Subject.Job(job.id()), jobs -> jobs.end(job.id(), job.lease(), DONE));
    awaitNews(first, news -> news.finished().equals(Set.of(job.id())));
    assertFalse(first.news.stream().anyMatch(news -> news.ready().contains(QUEUE)));
    assertFalse(second.news.stream().anyMatch(news -> news.finished().contains(job.id())));
  }

  @Test
  void whoWasRefusedHearsOfRoom() {
    for (int i = 0; i < CAPACITY; i++) {
      submit(first, TestJobs.job(QUEUE).job(), id(0, i), PostgresInstancesTest::requireAccepted);
    }
    first.awaitAll();
    settle(instances);
    LeasedJob unwanted = lease(second, 1).getFirst();
    second.on(
        new Subject.Job(unwanted.id()), jobs -> jobs.end(unwanted.id(), unwanted.lease(), DONE));
    submit(first, TestJobs.job(QUEUE).job(), id(1, 0), PostgresInstancesTest::requireAccepted);
    var refused = new ArrayList<Submitted>();
    submit(first, TestJobs.job(QUEUE).job(), id(1, 1), refused::add);
    first.awaitAll();
    assertEquals(List.of(new Submitted.Full(CAPACITY, CAPACITY, 2 * CAPACITY, 1_000)), refused);
    assertFalse(first.news.stream().anyMatch(news -> !news.room().isEmpty()), "nobody wanted it");

    LeasedJob job = lease(second, 1).getFirst();
    second.on(new Subject.Job(job.id()), jobs -> jobs.end(job.id(), job.lease(), DONE));
    awaitNews(first, news -> news.room().equals(Set.of(QUEUE)));
    submit(first, TestJobs.job(QUEUE).job(), id(1, 2), PostgresInstancesTest::requireAccepted);
    first.awaitAll();
  }

  @Test
  void aQueueThatIsChangedIsNews() {
    settle(instances);
    first.on(new Subject.Queue(QUEUE), jobs -> jobs.pause(QUEUE, true));
    awaitNews(second, News::queues);
  }

  @Test
  void aScheduleIsServedByOneOfThem() throws InterruptedException {
    var now = first.on(new Subject.Any(), jobs -> jobs.now());
    var schedule =
        new Schedule(
            "nightly",
            "0 3 * * *",
            ZoneId.of("UTC"),
            Schedule.Missed.SKIP,
            TestJobs.job(QUEUE).job(),
            false,
            now,
            null,
            null);
    first.on(
        new Subject.Any(),
        jobs -> {
          jobs.schedule(schedule);
          return true;
        });
    var served = new ConcurrentLinkedQueue<Boolean>();
    each((instance, number) ->
        served.add(
            instance.on(
                new Subject.Queue(QUEUE),
                jobs -> {
                  UUID id = id(number, 0);
                  boolean mine = jobs.advance("nightly", now, null, id);
                  if (mine) {
                    jobs.submit(schedule.job(), id);
                  }
                  return mine;
                })));
    assertEquals(1, served.stream().filter(mine -> mine).count());
    assertEquals(1, lease(first, 10).size());
  }

  @Test
  void theySweepAtTheSameTimeAndEachJobOnce() throws InterruptedException {
    TestTime time = TestTime.stop(address);
    for (int i = 0; i < CAPACITY; i++) {
      NewJob job = TestJobs.job("q" + i % 7).delay(DELAY).job();
      submit(first, job, id(0, i), PostgresInstancesTest::requireAccepted);
    }
    first.awaitAll();
    time.pass(DELAY);
    each((instance, _) -> {
      boolean more = true;
      while (more) {
        more = instance.on(new Subject.Any(), jobs -> jobs.sweep(10)).more();
      }
    });
    assertEquals(
        CAPACITY,
        instances.stream()
            .mapToLong(one -> one.changes.stream().filter(change -> isSwept(change)).count())
            .sum());
    for (int i = 0; i < 7; i++) {
      String queue = "q" + i;
      int jobs =
          first
              .on(new Subject.Queue(queue), all -> all.lease(queue, Kind.PULL, 100, null, null))
              .size();
      assertEquals(i < CAPACITY % 7 ? CAPACITY / 7 + 1 : CAPACITY / 7, jobs);
    }
  }

  @Test
  void manyQueuesAtOnceDoNotBlockEachOther() throws InterruptedException {
    each((instance, number) -> {
      for (int i = 0; i < 300; i++) {
        String queue = "q" + i % 20;
        UUID id = id(number, i);
        submit(
            instance,
            TestJobs.job(queue).group("g").job(),
            id,
            PostgresInstancesTest::requireAccepted);
        if (i % 3 == 0) {
          instance.submit(
              new Subject.Queue(queue),
              jobs -> jobs.lease(queue, Kind.PULL, 1, null, null),
              _ -> {});
        }
        if (i % 4 == 0) {
          instance.submit(new Subject.Job(id), jobs -> jobs.cancel(id), _ -> {});
        }
        if (i % 50 == 0) {
          instance.submit(new Subject.Any(), jobs -> jobs.sweep(100), _ -> {});
        }
        instance.store().flush();
      }
      instance.awaitAll();
      assertEquals(0, instance.store().status().failed());
    });
  }

  @Test
  void workThatThrowsFailsAloneAndNotForEver() {
    var outcomes = new ArrayList<Outcome<?>>();
    for (int i = 0; i < 20; i++) {
      UUID id = id(0, i);
      boolean isBad = i == 7;
      first.submit(
          new Subject.Queue(QUEUE),
          jobs -> {
            if (isBad) {
              throw new IllegalStateException("bad");
            }
            return jobs.submit(TestJobs.job(QUEUE).job(), id);
          },
          outcomes::add);
    }
    first.awaitAll();
    for (int i = 0; i < 20; i++) {
      assertEquals(i == 7, outcomes.get(i) instanceof Outcome.Failed<?>, "of " + i);
    }
    assertEquals(19, lease(first, 100).size());
  }

  private static boolean isSwept(Change change) {
    return change.from() == JobState.SCHEDULED;
  }

  /** So that what was told of the beginning is not taken for what comes. */
  private static void settle(List<Instance> all) {
    for (Instance instance : all) {
      instance.await(() -> instance.news.stream().anyMatch(News::everything));
      instance.news.clear();
    }
  }

  private static void awaitNews(Instance instance, Predicate<News> wanted) {
    instance.await(() -> instance.news.stream().anyMatch(wanted));
  }

  private static List<LeasedJob> lease(Instance instance, int max) {
    return instance.on(
        new Subject.Queue(QUEUE), jobs -> jobs.lease(QUEUE, Kind.PULL, max, null, null));
  }

  private static void submit(Instance instance, NewJob job, UUID id, Consumer<Submitted> then) {
    instance.submit(
        new Subject.Queue(job.queue()),
        jobs -> jobs.submit(job, id),
        outcome -> {
          switch (outcome) {
            case Outcome.Done<Submitted>(Submitted told) -> then.accept(told);
            case Outcome.Failed<Submitted>(var why) -> throw new AssertionError(why);
          }
        });
  }

  private static void requireAccepted(Submitted told) {
    if (!(told instanceof Submitted.Accepted)) {
      throw new AssertionError(told);
    }
  }

  private static UUID id(int instance, int number) {
    return new UUID(instance, number);
  }

  private interface Part {
    void run(Instance instance, int number);
  }

  /** Each in a thread of its own. */
  private void each(Part part) throws InterruptedException {
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < instances.size(); i++) {
      int number = i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  part.run(instances.get(number), number);
                } catch (RuntimeException | AssertionError failure) {
                  failures.add(failure);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.peek());
    }
  }
}
