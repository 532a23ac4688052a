package dev.sluice.pool.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.JobFilter;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.TestJobs;
import dev.sluice.pool.store.sql.JobTables;
import dev.sluice.pool.store.sql.Sql;
import dev.sluice.store.sqlite.SqliteFile;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is asked of a million jobs goes by an index. */
class PlansTest {
  private static final String QUEUE = "orders";

  private final Set<String> asked = new LinkedHashSet<>();

  @Test
  void noStatementLooksAtAllJobs() throws SQLException {
    try (var file = SqliteFile.inMemory("plans", PoolSchema.SCHEMA)) {
      var sql = new Sql(text -> recorded(file, text), new SqliteDialect());
      var counts = MemoryCounts.read(sql, file::commits);
      asked.clear(); // what is asked once, at the start, reads all
      doEverything(new JobTables(sql, TestJobs.DEFAULTS, counts, new SplittableRandom(1)));
      file.commit();

      assertTrue(asked.size() > 25, () -> "few: " + asked);
      var slow = new ArrayList<String>();
      for (String text : asked) {
        List<String> plan = plan(file, text);
        for (String step : plan) {
          // what a statement has called "job" itself is not all of them
          boolean isNamedSo = plan.contains("MATERIALIZE job") || plan.contains("CO-ROUTINE job");
          String scan =
              "SCAN (" + (isNamedSo ? "" : "job|") + "content|attempt|output|idempotency).*";
          if (step.matches(scan + "|.*TEMP B-TREE.*")) {
            slow.add(step + ": " + text);
          }
        }
      }
      assertEquals(List.of(), slow);
    }
  }

  private PreparedStatement recorded(SqliteFile file, String text) throws SQLException {
    asked.add(text);
    return file.statement(text);
  }

  private static void doEverything(JobTables jobs) {
    long now = Clock.system().instant().toEpochMilli();
    jobs.begin(now);
    NewJob plain = TestJobs.job(QUEUE).key("k").group("g").job();
    jobs.submit(plain, new UUID(1, 1));
    jobs.submit(plain, new UUID(1, 2));
    jobs.submit(TestJobs.job(QUEUE).group("g").job(), new UUID(1, 3));
    NewJob debounced =
        TestJobs.job(QUEUE).debounce("d", Duration.ofSeconds(1), Duration.ofSeconds(1)).job();
    jobs.submit(debounced, new UUID(1, 4));
    jobs.submit(debounced, new UUID(1, 5));
    LeasedJob leased = jobs.lease(QUEUE, Kind.PULL, 1, null, "w").getFirst();
    jobs.extend(leased.id(), leased.lease(), null, Payload.json("1"));
    jobs.end(leased.id(), leased.lease(), new Verdict.Failed(null, "no", Payload.json("1")));
    jobs.find(leased.id());
    jobs.retry(leased.id());
    jobs.cancel(leased.id());
    jobs.list(new JobFilter(null, Set.of(), "g"), null, 10);
    jobs.list(new JobFilter(QUEUE, Set.of(JobState.QUEUED), null), null, 10);
    jobs.redrive(QUEUE, 10);
    jobs.purge(QUEUE, false, 10);
    jobs.pause(QUEUE, true);
    jobs.configure(QUEUE, TestJobs.DEFAULTS.pull());
    jobs.adoptOrphans();
    jobs.schedules();
    jobs.begin(now + Duration.ofDays(1).toMillis());
    jobs.sweep(10);
    jobs.remove(QUEUE);
  }

  private static List<String> plan(SqliteFile file, String text) throws SQLException {
    var steps = new ArrayList<String>();
    try (ResultSet rows = file.statement("EXPLAIN QUERY PLAN " + text).executeQuery()) {
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
    }
    return steps;
  }
}
