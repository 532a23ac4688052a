package dev.sluice.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.sqlite.Notes.Add;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NoLeaks
@Timeout(60)
class SqliteWriterTest {
  private static final int SESSIONS = 4;

  @TempDir Path directory;

  private Scope scope;
  private Scope watchers;
  private SqliteWriter writer;
  private Channel<String> wakes;
  private final List<SqliteSession> sessions = new ArrayList<>();

  @BeforeEach
  void start() throws InterruptedException {
    watchers = Scope.open("watchers");
    var monitor = HeartbeatMonitor.start(watchers, "heartbeats", Duration.ofSeconds(1));
    scope = watchers.child("writer");
    wakes = watchers.channel("wakes", 100_000);
    writer = SqliteWriter.start(scope, monitor, open(), SESSIONS, _ -> false);
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(writer.session(() -> wakes.trySend("wake")));
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    writer.close();
    scope.join();
    watchers.close();
  }

  @Test
  void whatIsToldCommittedIsInTheFile() throws Exception {
    SqliteSession session = sessions.getFirst();
    var first = new Add("first");
    session.submit(first);
    assertTrue(session.isWaiting());
    settle(session);
    assertEquals(true, first.committed);
    assertEquals(List.of("first"), afterwards());
  }

  @Test
  void allThatWaitsIsOneCommit() throws Exception {
    Channel<String> gate = hold();
    List<Add> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      var add = new Add("note " + i);
      all.add(add);
      SqliteSession session = sessions.get(i % SESSIONS);
      session.submit(add);
      session.flush();
    }
    gate.send("go");
    for (SqliteSession session : sessions) {
      settle(session);
    }
    assertTrue(all.stream().allMatch(add -> Boolean.TRUE.equals(add.committed)));
    assertEquals(1, all.stream().map(add -> add.commitsBefore).collect(Collectors.toSet()).size());
    assertEquals(1_000, afterwards().size());
  }

  @Test
  void aTransactionIsOfABoundedNumberOfTasks() throws Exception {
    Channel<String> gate = hold();
    var first = new Add("first");
    var last = new Add("last");
    for (SqliteSession session : List.of(sessions.get(0), sessions.get(1))) {
      session.submit(session == sessions.get(0) ? first : last);
      for (int i = 1; i < 16_384; i++) {
        session.submit(new Add("note"));
      }
      session.flush();
    }
    gate.send("go");
    settle(sessions.get(0));
    settle(sessions.get(1));
    assertEquals(first.commitsBefore + 1, last.commitsBefore);
  }

  @Test
  void whatDoesNotFitInTheWindowGoesWithTheNextInOrder() throws Exception {
    Channel<String> gate = hold();
    SqliteSession session = sessions.getFirst();
    int many = 3 * SqliteSession.WINDOW;
    for (int i = 0; i < many; i++) {
      session.submit(new Add("" + i));
      session.flush();
    }
    gate.send("go");
    settle(session);
    assertEquals(IntStream.range(0, many).mapToObj(i -> "" + i).toList(), afterwards());
  }

  @Test
  void sessionIsFullWhenTooMuchWaits() throws Exception {
    Channel<String> gate = hold();
    SqliteSession session = sessions.getFirst();
    for (int i = 0; !session.isFull(); i++) {
      session.submit(new Add("" + i));
    }
    gate.send("go");
    settle(session);
    assertFalse(session.isFull());
    assertEquals(SqliteSession.MAX_TASKS, afterwards().size());
  }

  @Test
  void aFullDiskIsToldToAllInTheTransactionAndGotOver() throws Exception {
    SqliteSession session = sessions.getFirst();
    session.submit(new Add("before"));
    session.submit(new Sql("PRAGMA max_page_count = 10"));
    settle(session);

    Channel<String> gate = hold();
    SqliteSession other = sessions.get(1);
    var small = new Add("small");
    other.submit(small);
    other.flush();
    var large = new Add("large".repeat(100_000));
    session.submit(large);
    session.flush();
    var after = new Add("rests on the large one");
    session.submit(after);
    session.flush();
    var notHandedOver = new Add("rests on it too");
    session.submit(notHandedOver);
    gate.send("go");
    settle(other);
    settle(session);

    for (Add add : List.of(small, large, after, notHandedOver)) {
      assertEquals(false, add.committed, add.text.substring(0, 5));
      assertTrue(reason(add).contains("FULL"), reason(add));
    }
    assertFalse(session.isUp());
    assertFalse(session.status().isReady());
    assertEquals(3, session.status().failed());

    var again = new Add("again");
    session.submit(again);
    settle(session);
    assertEquals(true, again.committed);
    assertTrue(session.isUp());
    assertEquals(List.of("before", "again"), afterwards());
  }

  /** Also when it was handed over before the session knew of the failure. */
  @Test
  void nothingIsAppliedThatWasSubmittedBeforeAFailureWasTold() throws Exception {
    SqliteSession session = sessions.getFirst();
    session.submit(new Sql("INSERT INTO note VALUES(NULL)"));
    session.flush();
    wakes.receive(); // the failure is there, and not collected
    var late = new Add("late");
    session.submit(late);
    session.flush();
    wakes.receive();
    session.collect();
    assertEquals(false, late.committed);
    assertEquals(-1, late.commitsBefore, "it was applied");
    assertEquals(List.of(), afterwards());
  }

  @Test
  void aTaskThatThrowsFailsItsTransactionAndNotTheWriter() throws Exception {
    SqliteSession session = sessions.getFirst();
    var beside = new Add("beside");
    session.submit(beside);
    session.submit(
        new Plain() {
          @Override
          public void apply(SqliteFile file) {
            throw new IllegalStateException("a mistake");
          }
        });
    settle(session);
    assertEquals("a mistake", reason(beside));
    session.submit(new Add("after"));
    settle(session);
    assertEquals(List.of("after"), afterwards());
  }

  @Test
  void aTaskThatDoesNotTakeItsEndKeepsNobodyFromTheirs() throws Exception {
    SqliteSession session = sessions.getFirst();
    session.submit(new Deaf("INSERT INTO note VALUES('by the deaf')"));
    var beside = new Add("beside");
    session.submit(beside);
    settle(session);
    assertEquals(true, beside.committed);

    session.submit(new Deaf("INSERT INTO note VALUES(NULL)"));
    var failed = new Add("failed");
    session.submit(failed);
    settle(session);
    assertEquals(false, failed.committed);
    assertEquals(List.of("by the deaf", "beside"), afterwards());
  }

  @Test
  void whatWasHandedOverBeforeTheCloseIsWritten() throws Exception {
    Channel<String> gate = hold();
    SqliteSession session = sessions.getFirst();
    var before = new Add("before");
    session.submit(before);
    session.flush();
    writer.close();
    gate.send("go");
    scope.join();
    session.collect();
    assertEquals(true, before.committed);
    var after = new Add("after");
    session.submit(after);
    session.flush();
    assertEquals("the writer of " + path() + " has ended", reason(after));
    assertEquals(List.of("before"), afterwards());
  }

  @Test
  void thereAreNoMoreSessionsThanPlanned() {
    assertThrows(IllegalStateException.class, () -> writer.session(() -> {}));
  }

  /** Stops the writer within a transaction, until something is sent. */
  private Channel<String> hold() throws InterruptedException {
    Channel<String> holding = Channel.rendezvous();
    Channel<String> gate = Channel.rendezvous();
    SqliteSession session = sessions.getLast();
    session.submit(
        new Plain() {
          @Override
          public void apply(SqliteFile file) {
            try {
              holding.send("here");
              gate.receive();
            } catch (InterruptedException interrupted) {
              throw new IllegalStateException(interrupted);
            }
          }
        });
    session.flush();
    holding.receive();
    return gate;
  }

  /** Until all has been told its end. */
  private void settle(SqliteSession session) throws InterruptedException {
    session.flush();
    session.collect();
    while (session.isWaiting()) {
      wakes.receive();
      session.collect();
      session.flush();
    }
  }

  private static String reason(Add add) {
    StoreFailure.Unavailable failure = add.failure;
    assertNotNull(failure);
    return failure.reason();
  }

  private List<String> afterwards() throws Exception {
    writer.close();
    scope.join();
    try (SqliteFile file = open()) {
      return Notes.all(file);
    }
  }

  private Path path() {
    return directory.resolve("notes.db");
  }

  private SqliteFile open() {
    return SqliteFile.open(path(), Notes.SCHEMA);
  }

  private interface Plain extends SqliteTask {
    @Override
    default void committed() {}

    @Override
    default void failed(StoreFailure.Unavailable why) {}
  }

  private record Deaf(String sql) implements SqliteTask {
    @Override
    public void apply(SqliteFile file) throws SQLException {
      file.statement(sql).execute();
    }

    @Override
    public void committed() {
      throw new IllegalStateException("a mistake");
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      throw new IllegalStateException("a mistake");
    }
  }

  private record Sql(String sql) implements Plain {
    @Override
    public void apply(SqliteFile file) throws SQLException {
      file.statement(sql).execute();
    }
  }
}
