package dev.sluice.pool.process;

import dev.sluice.pool.store.JobStore;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An engine that a test can make unavailable for a while, or late with an outcome, and that tells
 * what other instances are said to have done; else it does what the real one does.
 */
final class FailingEngine implements JobStore.Engine {
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final JobStore.Engine real;
  private final AtomicBoolean down = new AtomicBoolean();

  private final AtomicBoolean late = new AtomicBoolean();
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final Queue<JobStore.News> news = new ConcurrentLinkedQueue<>();
  private volatile boolean released = true;
  private volatile Runnable wake = () -> {};

  FailingEngine(JobStore.Engine real) {
    this.real = real;
  }

  /** The one that does the work, for other instances. */
  JobStore.Engine real() {
    return real;
  }

  void fail() {
    down.set(true);
  }

  void recover() {
    down.set(false);
  }

  /** Keeps the outcome of what is submitted next until {@link #release}. */
  void holdNext() {
    released = false;
    late.set(true);
  }

  void release() {
    released = true;
    wake.run();
  }

  /** Tells of what another instance has done. */
  void tell(JobStore.News of) {
    news.add(of);
    wake.run();
  }

  @Override
  public JobStore open(Runnable wake, JobStore.Listener listener) {
    JobStore store = real.open(wake, listener);
    this.wake = wake;
    return new JobStore() {
      @Override
      public <R> void submit(Subject subject, Work<R> work, Consumer<Outcome<R>> then) {
        if (down.get()) {
          then.accept(new Outcome.Failed<>(new StoreFailure.Unavailable("down", RETRY_AFTER)));
        } else if (late.compareAndSet(true, false)) {
          store.submit(subject, work, outcome -> held.add(() -> then.accept(outcome)));
        } else {
          store.submit(subject, work, then);
        }
      }

      @Override
      public void flush() {
        store.flush();
      }

      @Override
      public void collect() {
        store.collect();
        for (var of = news.poll(); of != null; of = news.poll()) {
          listener.changedElsewhere(of);
        }
        for (var next = released ? held.poll() : null; next != null; next = held.poll()) {
          next.run();
        }
      }

      @Override
      public boolean isWaiting() {
        return store.isWaiting();
      }

      @Override
      public boolean isFull() {
        return store.isFull();
      }

      @Override
      public StoreStatus status() {
        return store.status();
      }
    };
  }

  @Override
  public boolean isShared() {
    return real.isShared();
  }

  @Override
  public void close() {
    real.close();
  }
}
