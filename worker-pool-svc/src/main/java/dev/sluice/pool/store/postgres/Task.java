package dev.sluice.pool.store.postgres;

import dev.sluice.pool.model.Change;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.JobStore.Work;
import dev.sluice.pool.store.Jobs;
import dev.sluice.store.StoreFailure;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work on its way to a lane and back: it is handed over, so its fields need no lock.
 *
 * @param <R> what the work answers
 */
final class Task<R> {
  private final Subject subject;
  private final Work<R> work;
  private final Consumer<? super Outcome<R>> then;

  private @Nullable Outcome<R> outcome;
  private List<Change> changes = List.of();

  Task(Subject subject, Work<R> work, Consumer<? super Outcome<R>> then) {
    this.subject = subject;
    this.work = work;
    this.then = then;
  }

  Subject subject() {
    return subject;
  }

  /** Does it; may be done again when the transaction was undone. */
  void apply(Jobs jobs) {
    outcome = new Outcome.Done<>(work.on(jobs));
  }

  /** Hears what it has changed. */
  void changed(List<Change> all) {
    changes = all;
  }

  List<Change> changes() {
    return changes;
  }

  void fail(StoreFailure why) {
    changes = List.of();
    outcome = new Outcome.Failed<>(why);
  }

  boolean isFailed() {
    return outcome instanceof Outcome.Failed<R>;
  }

  /** Tells the outcome; by the process that has submitted it. */
  void tell() {
    if (outcome != null) {
      then.accept(outcome);
    }
  }
}
