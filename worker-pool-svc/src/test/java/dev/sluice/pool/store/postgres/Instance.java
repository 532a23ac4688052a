package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.News;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.JobStore.Work;
import dev.sluice.pool.store.QueueDefaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One of several services on the same database; used by one thread. */
final class Instance implements AutoCloseable {
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final PostgresEngine engine;
  private final JobStore store;
  final List<News> news = new ArrayList<>();
  final List<Change> changes = new ArrayList<>();

  Instance(String address, QueueDefaults defaults) {
    engine =
        PostgresEngine.start(
            PostgresSettings.parse(address),
            Clock.system(),
            defaults,
            SplittableRandom::new,
            Duration.ZERO);
    store =
        engine.open(
            () -> wakes.add(true),
            new JobStore.Listener() {
              @Override
              public void changed(List<Change> told) {
                changes.addAll(told);
              }

              @Override
              public void changedElsewhere(News told) {
                news.add(told);
              }
            });
  }

  JobStore store() {
    return store;
  }

  <R> void submit(Subject subject, Work<R> work, Consumer<Outcome<R>> then) {
    store.submit(subject, work, then);
  }

  <R> Outcome<R> outcome(Subject subject, Work<R> work) {
    var outcomes = new ArrayList<Outcome<R>>();
    submit(subject, work, outcomes::add);
    await(() -> !outcomes.isEmpty());
    return outcomes.getFirst();
  }

  <R> R on(Subject subject, Work<R> work) {
    return switch (outcome(subject, work)) {
      case Outcome.Done<R>(R value) -> value;
      case Outcome.Failed<R>(var why) -> throw new AssertionError(why);
    };
  }

  /** Lets the store tell things until it is so; the test's time limit bounds it. */
  void await(BooleanSupplier met) {
    try {
      store.flush();
      store.collect();
      while (!met.getAsBoolean()) {
        wakes.take();
        store.collect();
        store.flush();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  void awaitAll() {
    await(() -> !store.isWaiting());
  }

  @Override
  public void close() {
    engine.close();
  }
}
