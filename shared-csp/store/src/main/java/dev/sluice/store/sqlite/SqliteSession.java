package dev.sluice.store.sqlite;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.SendChannel;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to the {@link SqliteWriter}: it keeps what is submitted in order, and hands
 * back what has become of it. Owned by that process, and used by it only.
 *
 * <p>Tasks are applied in the order in which they were submitted. When one fails, all that were
 * submitted after it and are not committed fail with it, and none of them is applied any more: they
 * may rest on what has not happened. What is submitted after {@link #collect} has told the failures
 * begins anew.
 */
public final class SqliteSession {
  private static final Logger LOG = Logger.getLogger(SqliteSession.class);

  /** How many tasks may wait for the disk; whoever submits asks {@link #isFull} before. */
  public static final int MAX_TASKS = 65_536;

  /** How many batches may be on their way, so that none has to wait for a commit to be grouped. */
  static final int WINDOW = 256;

  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * A batch on its way to the writer.
   *
   * @param line whose
   * @param generation how often the session had failed when it was handed over
   * @param tasks what is to be done, in order
   */
  record Batch(Line line, long generation, List<SqliteTask> tasks) {}

  /**
   * What has become of a batch.
   *
   * @param batch which
   * @param failure why it has failed; null: it is committed
   */
  record Done(Batch batch, @Nullable String failure) {}

  /** What the writer knows of a session, and owns. */
  static final class Line {
    private final Channel<Done> done;
    private final Runnable wake;

    /** All batches up to this generation have failed. */
    private long failedGeneration = -1;

    private boolean told;

    Line(Channel<Done> done, Runnable wake) {
      this.done = done;
      this.wake = wake;
    }

    boolean takes(Batch batch) {
      return batch.generation() > failedGeneration;
    }

    void tell(Batch batch, @Nullable String failure) {
      if (failure != null) {
        failedGeneration = Math.max(failedGeneration, batch.generation());
      }
      done.trySend(new Done(batch, failure)); // it has room for all that are on their way
      told = true;
    }

    /** Once for all that it has been told. */
    void wakeIfTold() {
      if (told) {
        told = false;
        wake.run();
      }
    }
  }

  private final SendChannel<Batch> writer;
  private final String name;
  private final Line line;
  private final Channel<Done> done;
  private final Deque<Batch> open = new ArrayDeque<>(); // of this generation
  private List<SqliteTask> next = new ArrayList<>();
  private long generation;
  private int onTheirWay; // batches of any generation
  private int waiting; // tasks of this generation
  private String failure = "";
  private long asked;
  private long failed;

  SqliteSession(SendChannel<Batch> writer, String name, Channel<Done> done, Runnable wake) {
    this.writer = writer;
    this.name = name;
    this.done = done;
    this.line = new Line(done, wake);
  }

  /** Keeps a task for the next {@link #flush}. */
  public void submit(SqliteTask task) {
    next.add(task);
    waiting++;
  }

  /** Whether so much waits for the disk that nothing more should be submitted. */
  public boolean isFull() {
    return waiting >= MAX_TASKS;
  }

  /** Whether some task has not been told its end. */
  public boolean isWaiting() {
    return waiting > 0;
  }

  /** Hands over what was submitted since the last time. Does not wait. */
  public void flush() {
    if (next.isEmpty() || onTheirWay == WINDOW) {
      return; // in the second case it goes with the next that is collected
    }
    var batch = new Batch(line, generation, next);
    try {
      if (!writer.trySend(batch)) {
        return;
      }
    } catch (ChannelClosedException ended) {
      fail("the writer of " + name + " has ended");
      return;
    }
    open.add(batch);
    onTheirWay++;
    asked += next.size();
    next = new ArrayList<>();
  }

  /** Tells tasks their end, within this call, in the order in which they were submitted. */
  public void collect() {
    for (Done end = done.tryReceive(); end != null; end = done.tryReceive()) {
      onTheirWay--;
      if (end.batch().generation() == generation) {
        collect(end);
      }
    }
  }

  /** Whether the last that is known of the disk is good, and what has been done. */
  public StoreStatus status() {
    var file = new StoreStatus.Node(name, isUp(), failure);
    return new StoreStatus(List.of(file), asked, failed, 0, 0);
  }

  /** Whether the last transaction was committed, or there was none. */
  public boolean isUp() {
    return failure.isEmpty();
  }

  private void collect(Done end) {
    if (end.failure() != null) {
      fail(end.failure());
      return;
    }
    failure = "";
    open.remove();
    waiting -= end.batch().tasks().size();
    end.batch().tasks().forEach(task -> tell(task::committed));
  }

  private void fail(String reason) {
    failure = reason;
    var all = new ArrayList<SqliteTask>(waiting);
    open.forEach(batch -> all.addAll(batch.tasks()));
    all.addAll(next);
    open.clear();
    next = new ArrayList<>();
    waiting = 0;
    generation++;
    failed += all.size();
    var why = new StoreFailure.Unavailable(reason, RETRY_AFTER);
    all.forEach(task -> tell(() -> task.failed(why)));
  }

  /** One that throws is not to keep the others from being told. */
  private void tell(Runnable end) {
    try {
      end.run();
    } catch (RuntimeException bad) {
      LOG.errorf(bad, "a task of %s has not taken its end", name);
    }
  }
}
