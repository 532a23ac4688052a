package dev.sluice.pool.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob.Priority;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Terms;
import dev.sluice.pool.store.JobDriver;
import dev.sluice.pool.store.TestJobs;
import dev.sluice.store.testing.Patience;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that are submitted by SQL, within a transaction of somebody else. */
@NoLeaks
@Timeout(60)
class OutboxTest {
  private static final String QUEUE = "mails";

  private final String address = PostgresServer.shared().createDatabase();
  private final PostgresEngine engine = PostgresEngineTest.start(address);
  private final JobDriver driver = new JobDriver(engine);

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void aJobIsThereWhenTheTransactionCommits() throws SQLException {
    try (Connection own = PostgresServer.connect(address)) {
      own.setAutoCommit(false);
      execute(own, "CREATE TABLE bill(number int)");
      execute(own, "INSERT INTO bill VALUES(1)");
      UUID id = submit(own, "'mails', '{\"a\": 1}'");
      assertTrue(driver.on(jobs -> jobs.find(id)).isEmpty());
      own.commit();

      JobView view = view(id);
      assertEquals(JobState.QUEUED, view.state());
      assertEquals(Payload.json("{\"a\": 1}"), view.payload());
      assertEquals(List.of(id), lease(1).stream().map(LeasedJob::id).toList());
    }
  }

  @Test
  void ofATransactionThatIsRolledBackThereIsNone() throws SQLException {
    try (Connection own = PostgresServer.connect(address)) {
      own.setAutoCommit(false);
      UUID none = submit(own, "'mails', '1'");
      own.rollback();
      UUID next = submit(own, "'mails', '2'");
      own.commit();
      assertEquals(List.of(next), lease(10).stream().map(LeasedJob::id).toList());
      assertTrue(driver.on(jobs -> jobs.find(none)).isEmpty());
    }
  }

  @Test
  void aLongTransactionIsInNobodysWay() throws SQLException {
    try (Connection own = PostgresServer.connect(address)) {
      own.setAutoCommit(false);
      UUID late = submit(own, "'mails', '1'");
      UUID early = new UUID(1, 1);
      driver.on(QUEUE, jobs -> jobs.submit(TestJobs.job(QUEUE).job(), early));
      assertEquals(List.of(early), lease(10).stream().map(LeasedJob::id).toList());
      own.commit();
      assertEquals(List.of(late), lease(10).stream().map(LeasedJob::id).toList());
    }
  }

  @Test
  void allOptionsHold() throws SQLException {
    driver.on("hooks", jobs -> jobs.configure("hooks", TestJobs.settings(Kind.PUSH)));
    UUID id;
    try (Connection own = PostgresServer.connect(address)) {
      id =
          submit(
              own,
              """
              'hooks', '[1]', '{
                "priority": "high", "notBefore": "2100-01-01T00:00:00+01:00",
                "deadline": "2100-01-02T00:00:00.5Z", "attempts": 7, "timeout": "1m",
                "backoff": {"initial": "250ms", "factor": 1.5, "max": "PT1M", "jitter": 0},
                "idempotencyKey": "k", "group": "g",
                "target": {"method": "PUT", "url": "https://example.com/a?b=c", "headers": {"X-A": "b"}}
              }'\
              """);
    }
    JobView view = moved(id);
    assertEquals(JobState.SCHEDULED, view.state());
    assertEquals(Priority.HIGH, view.priority());
    assertEquals(Instant.parse("2099-12-31T23:00:00Z"), view.nextAttemptAt());
    assertEquals(Instant.parse("2100-01-02T00:00:00.5Z"), view.deadline());
    assertEquals(
        new Terms(
            7,
            Duration.ofMinutes(1),
            new Backoff(Duration.ofMillis(250), 1.5, Duration.ofMinutes(1), 0)),
        view.terms());
    assertEquals("g", view.group());
    assertEquals("PUT", view.call().method());
    assertEquals("https://example.com/a?b=c", view.call().url().toString());
    assertEquals(Map.of("X-A", "b"), view.call().headers());
  }

  @Test
  void whatIsNotSaidIsAsTheQueueSays() throws SQLException {
    UUID id;
    try (Connection own = PostgresServer.connect(address)) {
      id = submit(own, "'mails', NULL, '{\"delay\": \"1h\"}'");
    }
    JobView view = moved(id);
    assertEquals(TestJobs.DEFAULTS.pull().terms(), view.terms());
    assertEquals(Payload.json("null"), view.payload());
    assertEquals(JobState.SCHEDULED, view.state());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a b', '1', '{}' | queue is \"a b\", must be 1 to 100 characters",
        "'..', '1', '{}' | queue is \"..\", must be 1 to 100 characters",
        "NULL, '1', '{}' | queue is <NULL>",
        "'q', '1', '{\"delay\": 5}' | delay is 5, must be a duration",
        "'q', '1', '{\"delay\": \"5 weeks\"}' | delay is \"5 weeks\", must be a duration",
        "'q', '1', '{\"delay\": \"99999d\"}' | delay is \"99999d\"",
        "'q', '1', '{\"timeout\": \"0s\"}' | timeout is \"0s\"",
        "'q', '1', '{\"notBefore\": \"tomorrow\"}' | notBefore is \"tomorrow\", must be an instant",
        "'q', '1', '{\"notBefore\": \"2030-13-01T00:00:00Z\"}' | must be an instant",
        "'q', '1', '{\"attempts\": 0}' | attempts is 0, must be a number from 1 to 100",
        "'q', '1', '{\"attempts\": 1.5}' | attempts is 1.5, must be a whole number",
        "'q', '1', '{\"attempts\": \"3\"}' | attempts is \"3\", must be a number",
        "'q', '1', '{\"priority\": \"urgent\"}' | priority is \"urgent\", must be \"high\"",
        "'q', '1', '{\"prio\": 1}' | options has no \"prio\", there are priority, delay",
        "'q', '1', '[]' | options is [], must be an object",
        "'q', '1', '{\"group\": \"\"}' | group is \"\", must be a text of 1 to 256 bytes",
        "'q', '1', '{\"backoff\": {\"factor\": 0.5}}' | factor is 0.5, must be a number from 1",
        "'q', '1', '{\"backoff\": {\"base\": 1}}' | backoff has no \"base\"",
        "'q', '1', '{\"target\": {\"url\": \"https://a.b\"}}' | must be left out: q is a pull queue",
        "'push', '1', '{}' | must be given: push is a push queue",
        "'push', '1', '{\"target\": {\"url\": \"ftp://a.b\"}}' | must be an absolute URL",
        "'push', '1', '{\"target\": {\"url\": \"https://u:p@a.b\"}}' | must be an absolute URL",
        "'push', '1', '{\"target\": {\"url\": \"https://a\", \"method\": \"BREW\"}}' | must be one of GET",
        "'push', '1', '{\"target\": {\"url\": \"https://a\", \"headers\": {\"Host\": \"b\"}}}' | \"Host\"",
        "'push', '1', '{\"target\": {\"url\": \"https://a\", \"headers\": {\"A\": 1}}}' | headers.A is 1"
      })
  void whatIsWrongIsAnErrorInTheTransaction(String call, String message) throws SQLException {
    try (Connection own = PostgresServer.connect(address)) {
      var thrown = assertThrows(SQLException.class, () -> submit(own, call));
      assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
      assertEquals("22023", thrown.getSQLState());
    }
  }

  @Test
  void itIsAcceptedThoughTheQueueIsFull() throws SQLException {
    for (int i = 0; i < 10; i++) {
      UUID id = new UUID(2, i);
      driver.on(QUEUE, jobs -> jobs.submit(TestJobs.job(QUEUE).job(), id));
    }
    UUID id;
    try (Connection own = PostgresServer.connect(address)) {
      id = submit(own, "'mails', '1'");
    }
    moved(id);
    Submitted refused =
        driver.on(QUEUE, jobs -> jobs.submit(TestJobs.job(QUEUE).job(), new UUID(3, 3)));
    assertEquals(new Submitted.Full(11, 10, 21, 1_000), refused);
  }

  @Test
  void theSameKeyIsTheSameJob() throws SQLException {
    try (Connection own = PostgresServer.connect(address)) {
      own.setAutoCommit(false);
      UUID id = submit(own, "'mails', '1', '{\"idempotencyKey\": \"k\"}'");
      assertEquals(id, submit(own, "'mails', '1', '{\"idempotencyKey\": \"k\"}'"));
      UUID other = submit(own, "'others', '1', '{\"idempotencyKey\": \"k\"}'");
      assertNotEquals(id, other);
      own.commit();
      moved(id);
      assertEquals(id, submit(own, "'mails', '1', '{\"idempotencyKey\": \"k\"}'"));
      own.commit();
      assertEquals(1, lease(10).size());
    }
  }

  @Test
  void whoComesWithTheSameKeyAtTheSameTimeWaitsAndGetsTheSameJob() throws Exception {
    try (Connection first = PostgresServer.connect(address);
        Connection second = PostgresServer.connect(address)) {
      first.setAutoCommit(false);
      UUID id = submit(first, "'mails', '1', '{\"idempotencyKey\": \"k\"}'");
      var answer = new ArrayList<UUID>();
      Thread other =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  answer.add(submit(second, "'mails', '1', '{\"idempotencyKey\": \"k\"}'"));
                } catch (SQLException failure) {
                  throw new IllegalStateException(failure);
                }
              });
      Patience.until("one that waits", this::somebodyWaits);
      first.commit();
      other.join();
      assertEquals(List.of(id), answer);
    }
  }

  @Test
  void jobsOfATransactionKeepTheirOrder() throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (Connection own = PostgresServer.connect(address)) {
      own.setAutoCommit(false);
      for (int i = 0; i < 1_200; i++) {
        ids.add(submit(own, "'mails', '" + i + "'"));
      }
      own.commit();
    }
    moved(ids.getLast());
    assertEquals(ids, lease(2_000).stream().map(LeasedJob::id).toList());
  }

  @Test
  void workAboutAJobThatIsInTheOutboxMovesItFirst() throws SQLException {
    try (Connection own = PostgresServer.connect(address)) {
      UUID id = submit(own, "'mails', '1'");
      assertEquals(new Steered.Done(JobState.CANCELLED), driver.on(id, jobs -> jobs.cancel(id)));
    }
  }

  @Test
  void aRoleThatMayOnlySubmitCanSubmit() throws SQLException {
    PostgresServer.execute(
        address,
        """
        DROP ROLE IF EXISTS shop;
        CREATE ROLE shop LOGIN;
        GRANT USAGE ON SCHEMA sluice TO shop;
        GRANT EXECUTE ON FUNCTION sluice.submit(text, jsonb, jsonb) TO shop;\
        """);
    try (Connection shop = PostgresServer.connect(address, "shop")) {
      UUID id = submit(shop, "'mails', '1'");
      moved(id);
      for (String forbidden :
          List.of(
              "SELECT * FROM sluice.job",
              "DELETE FROM sluice.outbox",
              "SELECT sluice.now_millis()",
              "SELECT sluice.option_key('{}', 'a')")) {
        var thrown = assertThrows(SQLException.class, () -> execute(shop, forbidden));
        assertEquals("42501", thrown.getSQLState(), thrown.getMessage());
      }
    } finally {
      PostgresServer.execute(address, "DROP OWNED BY shop; DROP ROLE shop");
    }
  }

  @Test
  void manyWhoSubmitAtOnceAllGetTheirJobs() throws Exception {
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      try (Connection own = PostgresServer.connect(address)) {
                        for (int j = 0; j < 50; j++) {
                          submit(own, "'mails', '" + i + "'");
                        }
                      } catch (SQLException failure) {
                        throw new IllegalStateException(failure);
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    Patience.until("an empty outbox", () -> count("SELECT count(*) FROM sluice.outbox") == 0);
    assertEquals(400, lease(1_000).size());
  }

  private boolean somebodyWaits() {
    return count(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND datname = current_database()")
        > 0;
  }

  private long count(String sql) {
    try (Connection own = PostgresServer.connect(address);
        Statement statement = own.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private JobView view(UUID id) {
    return driver.on(jobs -> jobs.find(id)).orElseThrow();
  }

  /** When it is a job as all others. */
  private JobView moved(UUID id) {
    Patience.until("an empty outbox", () -> count("SELECT count(*) FROM sluice.outbox") == 0);
    return view(id);
  }

  /** Those that there are, when all have been moved. */
  private List<LeasedJob> lease(int max) {
    Patience.until("an empty outbox", () -> count("SELECT count(*) FROM sluice.outbox") == 0);
    return driver.on(QUEUE, jobs -> jobs.lease(QUEUE, Kind.PULL, max, null, null));
  }

  private static UUID submit(Connection own, String call) throws SQLException {
    try (Statement statement = own.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sluice.submit(" + call + ")")) {
      rows.next();
      return rows.getObject(1, UUID.class);
    }
  }

  private static void execute(Connection own, String sql) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    }
  }
}
