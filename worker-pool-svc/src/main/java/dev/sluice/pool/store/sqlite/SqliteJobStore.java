package dev.sluice.pool.store.sqlite;

import dev.sluice.pool.model.Change;
import dev.sluice.pool.store.JobStore;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteSession;
import dev.sluice.store.sqlite.SqliteTask;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to the jobs of a file: its writer does each work within the transaction of
 * others, and the outcome is told when that is committed. When a work throws, all in its
 * transaction are undone; but only that one fails, and the others are done again.
 */
final class SqliteJobStore implements JobStore {
  private static final Logger LOG = Logger.getLogger(SqliteJobStore.class);

  /**
   * What a statement, not the file, is to blame for: too large, against a constraint, of a wrong
   * type.
   *
   * @see <a href="https://www.sqlite.org/rescode.html">SQLite: Result and Error Codes</a>
   */
  private static final Set<Integer> FAULTS = Set.of(18, 19, 20);

  /** The part of a code that says what it is in general. */
  private static final int PRIMARY = 0xff;

  private final Ledger ledger;
  private final SqliteSession session;
  private final Listener listener;

  /** What was undone, in its order, until it is known whose fault it was. */
  private final List<Task<?>> undone = new ArrayList<>();

  private boolean probing;

  SqliteJobStore(Ledger ledger, SqliteSession session, Listener listener) {
    this.ledger = ledger;
    this.session = session;
    this.listener = listener;
  }

  @Override
  public <R> void submit(Subject subject, Work<R> work, Consumer<Outcome<R>> then) {
    if (session.isFull()) {
      then.accept(
          new Outcome.Failed<>(new StoreFailure.Busy("too many answers wait for the disk")));
    } else {
      session.submit(new Task<>(work, then));
    }
  }

  @Override
  public void flush() {
    session.flush();
    settle();
  }

  @Override
  public void collect() {
    session.collect();
    settle();
  }

  private void settle() {
    boolean isOnesFault = undone.stream().anyMatch(task -> task.hasThrown);
    List<Task<?>> all = List.copyOf(undone);
    undone.clear();
    for (Task<?> task : all) {
      if (isOnesFault && !task.hasThrown) {
        session.submit(task);
      } else {
        tellFailure(task);
      }
    }
  }

  /** One who throws is not to keep the others from being told. */
  private static void tellFailure(Task<?> task) {
    try {
      task.tellFailure();
    } catch (RuntimeException bad) {
      LOG.error("who works with the file has not taken that it has failed", bad);
    }
  }

  @Override
  public boolean isWaiting() {
    return session.isWaiting();
  }

  @Override
  public boolean isFull() {
    return session.isFull();
  }

  /** When the last that is known of the disk is not good, it is tried; the next time tells. */
  @Override
  public StoreStatus status() {
    StoreStatus status = session.status();
    if (!session.isUp() && !probing) {
      probing = true;
      session.submit(new Probe());
      flush();
    }
    return status;
  }

  private final class Task<R> implements SqliteTask {
    private final Work<R> work;
    private final Consumer<Outcome<R>> then;
    private @Nullable R value;
    private List<Change> changes = List.of();
    private @Nullable StoreFailure failure;

    /** Whether it would throw again, whoever else is in its transaction. */
    private boolean hasThrown;

    Task(Work<R> work, Consumer<Outcome<R>> then) {
      this.work = work;
      this.then = then;
    }

    @Override
    public void apply(SqliteFile file) throws SQLException {
      try {
        value =
            ledger.on(tables -> {
              R done = work.on(tables);
              changes = tables.changes();
              return done;
            });
      } catch (RuntimeException thrown) {
        hasThrown = true;
        throw thrown;
      } catch (SQLException failed) {
        hasThrown = FAULTS.contains(failed.getErrorCode() & PRIMARY);
        throw failed;
      }
    }

    @Override
    public void committed() {
      if (!changes.isEmpty()) {
        listener.changed(changes);
      }
      if (value != null) {
        then.accept(new Outcome.Done<>(value));
      }
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      failure = why;
      undone.add(this);
    }

    void tellFailure() {
      if (failure != null) {
        then.accept(new Outcome.Failed<>(failure));
      }
    }
  }

  /** Finds out whether the file can be written again. */
  private final class Probe implements SqliteTask {
    @Override
    public void apply(SqliteFile file) throws SQLException {
      file.statement("UPDATE probe SET number = number + 1").executeUpdate();
    }

    @Override
    public void committed() {
      probing = false;
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      probing = false;
    }
  }
}
