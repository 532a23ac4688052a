package dev.sluice.pool.store.sqlite;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteSession;
import dev.sluice.store.sqlite.SqliteTask;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Does things to a file by its own writer, as a disk or an operator would. */
public final class WriterControl {
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final SqliteSession session;

  public WriterControl(SqliteEngine engine) {
    session = engine.writer().session(() -> wakes.add(true));
  }

  /** Lets the file grow no more. */
  public void fillDisk() throws InterruptedException {
    run(new Statement("PRAGMA max_page_count = 1"));
  }

  /** Lets it grow again. */
  public void emptyDisk() throws InterruptedException {
    run(new Statement("PRAGMA max_page_count = 1000000"));
  }

  /** How many transactions there were. */
  public long commits() throws InterruptedException {
    long[] commits = {0};
    run((Plain) file -> commits[0] = file.commits());
    return commits[0];
  }

  /** Stops the writer within a transaction, until the latch is open. */
  public void hold(CountDownLatch gate) throws InterruptedException {
    var holding = new CountDownLatch(1);
    session.submit(
        (Plain)
            file -> {
              holding.countDown();
              try {
                gate.await();
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
            });
    session.flush();
    holding.await();
  }

  private void run(SqliteTask task) throws InterruptedException {
    session.submit(task);
    session.flush();
    while (session.isWaiting()) {
      wakes.take();
      session.collect();
    }
  }

  @FunctionalInterface
  private interface Plain extends SqliteTask {
    @Override
    default void committed() {}

    @Override
    default void failed(StoreFailure.Unavailable why) {
      throw new IllegalStateException(why.reason());
    }
  }

  private record Statement(String sql) implements Plain {
    @Override
    public void apply(SqliteFile file) throws SQLException {
      file.statement(sql).execute();
    }
  }
}
