package dev.sluice.dedup.store;

import static dev.sluice.dedup.store.SeenDriver.extend;
import static dev.sluice.dedup.store.SeenDriver.key;
import static dev.sluice.dedup.store.SeenDriver.see;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Shards;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.dedup.store.SeenOutcome.Seen;
import dev.sluice.dedup.store.sqlite.SqliteEngine;
import dev.sluice.dedup.store.sqlite.WriterControl;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.sqlite.SqliteFileException;
import dev.sluice.store.sqlite.SqliteSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NoLeaks
@Timeout(120)
class SqliteSeenStoreTest extends SeenStoreContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final SeenKey KEY = key("orders", "k");

  @TempDir Path directory;

  private SqliteFixture file;
  private SeenDriver driver;
  private long ahead; // of the time of day

  @BeforeEach
  void open() {
    open(new SqliteFixture(path()));
  }

  private void open(SqliteFixture opened) {
    file = opened;
    driver = new SeenDriver(opened.engine().seenStores(), this::now);
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Override
  SeenDriver driver() {
    return driver;
  }

  @Override
  void passTo(long instant) {
    ahead += Math.max(0, instant - now());
  }

  @Test
  void aRestartForgetsNothing() {
    Seen first = driver.seen(see(KEY, HOUR));
    driver.seen(see(KEY, HOUR));
    Seen extended = driver.seen(extend(key("orders", "longer"), HOUR));
    passTo(now() + TimeUnit.SECONDS.toNanos(1));
    extended = driver.seen(extend(key("orders", "longer"), HOUR));
    driver.seen(see(key("orders", "forgotten"), HOUR));
    driver.forget(key("orders", "forgotten"));
    driver.seen(see(key("users", "k"), HOUR));

    restart();

    assertEquals(new Seen(2, first.firstSeenAt(), first.expiresAt()), driver.peek(KEY));
    assertEquals(extended, driver.peek(key("orders", "longer")));
    assertEquals(new SeenOutcome.Unknown(), driver.peek(key("orders", "forgotten")));
    assertEquals(3, driver.seen(see(KEY, HOUR)).times());
    assertEquals(2, driver.count("orders"));
    assertEquals(1, driver.count("users"));

    restart();

    assertEquals(3, SeenStoreContract.seen(driver.peek(KEY)).times());
  }

  @Test
  void whatHasEndedIsNotReadAgainAndDeleted() {
    Seen first = driver.seen(see(KEY, Duration.ofMillis(1)));
    driver.seen(see(key("orders", "other"), HOUR));
    driver.until("the first has ended", () -> now() > first.expiresAt());

    restart();
    assertEquals(1, driver.count("orders"));
    // The writer deletes as soon as it runs, so it has when the next commit is done and it closes.
    driver.seen(see(key("users", "k"), HOUR));
    close();
    assertEquals(2, rows());
    open();
  }

  @Test
  void theSecretAndTheKindOfKeysStayWithTheFile() {
    var secret = file.engine().secret();
    restart();
    assertEquals(secret, file.engine().secret());
    close();

    var thrown =
        assertThrows(
            SqliteFileException.class, () -> new SqliteFixture(path(), 1, KeyForm.VERBATIM));
    assertEquals(
        path()
            + " cannot be opened: it has fingerprints of keys only, and keys are to be kept"
            + " verbatim",
        thrown.getMessage());

    var other = new SqliteFixture(directory.resolve("other.db"), 1, KeyForm.VERBATIM);
    assertNotEquals(secret, other.engine().secret());
    other.close();
    new SqliteFixture(directory.resolve("other.db"), 1, KeyForm.VERBATIM).close();
    open(new SqliteFixture(directory.resolve("other.db"), 1, KeyForm.HASHED));
  }

  @Test
  void theNumberOfShardsMayChange() {
    List<SeenOperation.See> all =
        IntStream.range(0, 100).mapToObj(i -> see(key("orders", "k" + i), HOUR)).toList();
    driver.askAll(all);
    close();

    file = new SqliteFixture(path(), 3, KeyForm.HASHED);
    var stores = file.engine().seenStores();
    var drivers = new ArrayList<SeenDriver>();
    for (int shard = 0; shard < 3; shard++) {
      int opened = shard;
      drivers.add(new SeenDriver((_, wake) -> stores.open(opened, wake), this::now));
    }
    for (SeenOperation.See each : all) {
      int shard = Shards.shardOf(each.key().fingerprint(), 3);
      assertEquals(2, drivers.get(shard).seen(each).times());
    }
    long sum = drivers.stream().mapToLong(each -> each.count("orders")).sum();
    assertEquals(100, sum);
  }

  @Test
  void whatMemoryEvictsGoesFromTheFileToo() {
    close();
    open(
        new SqliteFixture(
            path(),
            new SqliteEngine.Settings(1, 1, KeyForm.HASHED),
            (_, evictions) -> new MemorySeenStore(2, KeyForm.HASHED, WhenFull.EVICT, evictions)));
    for (int i = 0; i < 5; i++) {
      driver.seen(see(key("orders", "k" + i), HOUR.plusSeconds(i)));
    }
    restart();

    assertEquals(new SeenOutcome.Unknown(), driver.peek(key("orders", "k2")));
    assertEquals(2, driver.seen(see(key("orders", "k3"), HOUR)).times());
    assertEquals(2, driver.seen(see(key("orders", "k4"), HOUR)).times());
    assertEquals(2, driver.count("orders"));
  }

  @Test
  void manySubmitsAreFewCommits() throws InterruptedException {
    var control = new WriterControl(file.engine());
    long before = control.commits();
    var gate = new CountDownLatch(1);
    control.hold(gate);
    var answers = new ArrayList<SeenOutcome>();
    for (int i = 0; i < 4_000; i++) {
      driver.submit(see(key("orders", "k" + i), HOUR), answers::add);
      driver.store().flush(); // each as if it had come alone
    }
    assertEquals(List.of(), answers);
    gate.countDown();
    driver.awaitAnswers();

    assertEquals(4_000, answers.size());
    long commits = control.commits() - before;
    assertTrue(commits < 20, () -> commits + " commits");
    close();
    assertEquals(4_000, rows());
    open();
  }

  @Test
  void theAnswerOfADuplicateWaitsForTheCommitOfItsFirst() {
    var answers = new ArrayList<SeenOutcome>();
    driver.submit(see(KEY, HOUR), answers::add);
    driver.submit(see(KEY, HOUR), answers::add);
    driver.submit(new SeenOperation.Peek(KEY), answers::add);
    assertEquals(List.of(), answers);
    assertTrue(driver.store().isWaiting());

    driver.awaitAnswers();

    assertEquals(
        List.of(1L, 2L, 2L),
        answers.stream().map(each -> SeenStoreContract.seen(each).times()).toList());
    driver.submit(see(KEY, HOUR), answers::add);
    assertEquals(4, answers.size(), "one of a key that is in the file is answered at once");
    driver.submit(new SeenOperation.Forget(KEY), answers::add);
    driver.submit(new SeenOperation.Peek(KEY), answers::add);
    assertEquals(4, answers.size());
    driver.awaitAnswers();
    assertEquals(
        List.of(new SeenOutcome.Forgotten(), new SeenOutcome.Unknown()), answers.subList(4, 6));
  }

  @Test
  void whoComesWhileTooManyAnswersWaitIsToldThatNothingWasDone() throws InterruptedException {
    var gate = new CountDownLatch(1);
    new WriterControl(file.engine()).hold(gate);
    driver.submit(see(KEY, HOUR), _ -> {});
    for (int i = 1; i < SqliteSession.MAX_TASKS; i++) {
      driver.submit(new SeenOperation.Peek(KEY), _ -> {});
    }
    var told = new ArrayList<SeenOutcome>();
    driver.submit(see(key("orders", "one too many"), HOUR), told::add);
    assertEquals(
        List.of(
            new SeenOutcome.Failed(new StoreFailure.Busy("too many answers wait for the disk"))),
        told);

    gate.countDown();
    driver.awaitAnswers();
    assertEquals(1, driver.seen(see(key("orders", "one too many"), HOUR)).times());
  }

  @Test
  void whenTheDiskIsFullNobodyIsFirstAndWhoComesAgainIs() throws InterruptedException {
    Seen kept = driver.seen(see(KEY, HOUR));
    driver.seen(see(key("orders", "to forget"), HOUR));
    var control = new WriterControl(file.engine());
    control.fillDisk();

    SeenKey fresh = key("a name that needs a further page ".repeat(200), "new one");
    List<SeenOutcome> outcomes =
        driver.askAll(
            List.of(
                see(KEY, HOUR),
                see(fresh, HOUR),
                see(fresh, HOUR),
                new SeenOperation.Peek(fresh),
                extend(KEY, HOUR.multipliedBy(3)),
                new SeenOperation.Forget(key("orders", "to forget"))));

    assertEquals(2, SeenStoreContract.seen(outcomes.getFirst()).times());
    for (SeenOutcome each : outcomes.subList(1, outcomes.size())) {
      var failed = assertInstanceOf(SeenOutcome.Failed.class, each);
      var why = assertInstanceOf(StoreFailure.Unavailable.class, failed.why());
      assertTrue(why.reason().contains("FULL"), why.reason());
    }
    assertFalse(driver.store().status().isReady());
    assertEquals(kept.expiresAt(), SeenStoreContract.seen(driver.peek(KEY)).expiresAt());
    assertEquals(new SeenOutcome.Unknown(), driver.peek(fresh));
    assertInstanceOf(Seen.class, driver.peek(key("orders", "to forget")));

    control.emptyDisk();

    passTo(now() + TimeUnit.SECONDS.toNanos(2));
    driver.until("the store is up again", () -> driver.store().status().isReady());
    assertEquals(1, driver.seen(see(fresh, HOUR)).times());
    restart();
    assertEquals(2, driver.seen(see(fresh, HOUR)).times());
    assertEquals(2, driver.seen(see(key("orders", "to forget"), HOUR)).times());
    assertEquals(kept.expiresAt(), SeenStoreContract.seen(driver.peek(KEY)).expiresAt());
  }

  private void restart() {
    close();
    open();
  }

  private long now() {
    return System.currentTimeMillis() * 1_000_000 + ahead;
  }

  private Path path() {
    return directory.resolve("dedup.db");
  }

  private int rows() {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM seen")) {
      return row.getInt(1);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
