package dev.sluice.dedup.store.sqlite;

import dev.sluice.dedup.store.claims.ClaimOperation;
import dev.sluice.dedup.store.claims.ClaimOutcome;
import dev.sluice.dedup.store.claims.ClaimStore;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteSession;
import dev.sluice.store.sqlite.SqliteTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Claims and their responses, in the file and nowhere else: the writer decides each operation
 * within the transaction that carries it out, and the answer goes out when that is committed.
 */
final class SqliteClaimStore implements ClaimStore {
  private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

  private final ClaimTable table;
  private final SqliteSession session;
  private long nextLook;

  SqliteClaimStore(ClaimTable table, SqliteSession session) {
    this.table = table;
    this.session = session;
  }

  @Override
  public void submit(ClaimOperation operation, long now, Consumer<? super ClaimOutcome> answer) {
    if (session.isFull()) {
      answer.accept(
          new ClaimOutcome.Failed(new StoreFailure.Busy("too many answers wait for the disk")));
    } else {
      session.submit(new Decide(table, operation, now, answer));
    }
  }

  @Override
  public void flush() {
    session.flush();
  }

  @Override
  public void collect() {
    session.collect();
  }

  @Override
  public boolean isWaiting() {
    return session.isWaiting();
  }

  /** What nobody can ask for any more is deleted by the writer; here the file is looked after. */
  @Override
  public long sweep(long now) {
    if (now >= nextLook) {
      nextLook = now + LOOK_EVERY;
      if (!session.isUp()) {
        session.submit(new Probe());
      }
    }
    return LOOK_EVERY;
  }

  @Override
  public StoreStatus status() {
    return session.status();
  }

  private static final class Decide implements SqliteTask {
    private final ClaimTable table;
    private final ClaimOperation operation;
    private final long now;
    private final Consumer<? super ClaimOutcome> answer;
    private @Nullable ClaimOutcome outcome;

    Decide(
        ClaimTable table,
        ClaimOperation operation,
        long now,
        Consumer<? super ClaimOutcome> answer) {
      this.table = table;
      this.operation = operation;
      this.now = now;
      this.answer = answer;
    }

    @Override
    public void apply(SqliteFile file) throws SQLException {
      outcome = table.apply(file, operation, now);
    }

    @Override
    public void committed() {
      if (outcome != null) {
        answer.accept(outcome);
      }
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      answer.accept(new ClaimOutcome.Failed(why));
    }
  }
}
