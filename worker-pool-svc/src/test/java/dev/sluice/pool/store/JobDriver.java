package dev.sluice.pool.store;

import dev.sluice.pool.model.Change;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.JobStore.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** A process that has a store, and asks one thing after another. */
public final class JobDriver {
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final List<Change> changes = new ArrayList<>();
  private final JobStore store;

  public JobDriver(JobStore.Engine engine) {
    store =
        engine.open(
            () -> wakes.add(true),
            new JobStore.Listener() {
              @Override
              public void changed(List<Change> told) {
                changes.addAll(told);
              }

              @Override
              public void changedElsewhere(JobStore.News news) {}
            });
  }

  public JobStore store() {
    return store;
  }

  /** What was told since the last time. */
  public List<Change> changes() {
    List<Change> told = List.copyOf(changes);
    changes.clear();
    return told;
  }

  public <R> R on(String queue, Work<R> work) {
    return done(outcome(new Subject.Queue(queue), work));
  }

  public <R> R on(UUID job, Work<R> work) {
    return done(outcome(new Subject.Job(job), work));
  }

  public <R> R on(Work<R> work) {
    return done(outcome(new Subject.Any(), work));
  }

  public <R> Outcome<R> outcome(Subject subject, Work<R> work) {
    var outcomes = new ArrayList<Outcome<R>>();
    submit(subject, work, outcomes::add);
    store.flush();
    awaitAll();
    return outcomes.getFirst();
  }

  public <R> void submit(Subject subject, Work<R> work, Consumer<Outcome<R>> then) {
    store.submit(subject, work, then);
  }

  public void awaitAll() {
    try {
      while (store.isWaiting()) {
        wakes.take();
        store.collect();
        store.flush();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static <R> R done(Outcome<R> outcome) {
    return switch (outcome) {
      case Outcome.Done<R>(R value) -> value;
      case Outcome.Failed<R>(var why) -> throw new AssertionError(why);
    };
  }
}
