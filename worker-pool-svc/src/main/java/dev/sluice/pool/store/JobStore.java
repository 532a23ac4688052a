package dev.sluice.pool.store;

import dev.sluice.pool.model.Change;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * An engine that keeps jobs, as one process sees it: it submits work, which the engine does in the
 * order in which it came (in PostgreSQL: of the same {@link Subject}), many in one transaction, and
 * is told when it is durable. Owned by that process, and used by it only; nothing waits.
 */
public interface JobStore {

  /**
   * Something to be done in a transaction, which may be that of others too. It may be done more
   * than once, when the transaction before was undone; so it changes nothing but the jobs. When it
   * throws, it fails, and nobody else does.
   *
   * @param <R> what comes of it; not null
   */
  @FunctionalInterface
  interface Work<R> {
    /** Does it. */
    R on(Jobs jobs);
  }

  /** What work is about, so that an engine can lock it before. */
  sealed interface Subject {
    /** Jobs of this queue, or the queue. */
    record Queue(String name) implements Subject {}

    /** This job. */
    record Job(UUID id) implements Subject {}

    /** Reading, or whatever has to lock by itself. */
    record Any() implements Subject {}
  }

  /**
   * What has come of work.
   *
   * @param <R> what the work answers
   */
  sealed interface Outcome<R> {
    /** It is durable. */
    record Done<R>(R value) implements Outcome<R> {}

    /** It has not happened; of {@link StoreFailure.Unavailable} nobody knows. */
    record Failed<R>(StoreFailure why) implements Outcome<R> {}
  }

  /** Hears what happens to jobs. Called within {@link #collect}. */
  interface Listener {
    /** Work of this store has changed jobs; comes before the work's own outcome. */
    void changed(List<Change> changes);

    /** Another instance has changed something; in PostgreSQL only. */
    void changedElsewhere(News news);
  }

  /**
   * What other instances have done. Of what was missed while the connection was away: {@code
   * everything}.
   *
   * @param ready queues that have jobs to hand out
   * @param room queues that were full, and have room
   * @param finished jobs that are finished
   * @param queues whether queues were configured, paused, resumed or removed
   * @param everything whether anything may have changed
   */
  record News(
      Set<String> ready,
      Set<String> room,
      Set<UUID> finished,
      boolean queues,
      boolean everything) {}

  /**
   * Keeps work for the next {@link #flush}.
   *
   * @param then told the outcome within {@link #collect}, or at once within this call when so much
   *     waits that no more is taken ({@link StoreFailure.Busy})
   */
  <R> void submit(Subject subject, Work<R> work, Consumer<Outcome<R>> then);

  /** Hands over what was submitted. */
  void flush();

  /** Tells what has happened. */
  void collect();

  /** Whether some work has not been told its outcome. */
  boolean isWaiting();

  /** Whether more can be submitted. */
  boolean isFull();

  /** How the engine is. */
  StoreStatus status();

  /** An engine. */
  interface Engine extends AutoCloseable {
    /**
     * Opens a store; one for each process that needs one.
     *
     * @param wake makes that process call {@link #collect} soon; called by any thread, does not
     *     wait
     */
    JobStore open(Runnable wake, Listener listener);

    /**
     * Whether jobs may be in the hands of other instances: if not, those that were running when the
     * engine was opened in push queues are nobody's, and have been queued again.
     */
    boolean isShared();

    /** Ends it, when those who use it have ended: what was handed over is done. */
    @Override
    void close();
  }
}
