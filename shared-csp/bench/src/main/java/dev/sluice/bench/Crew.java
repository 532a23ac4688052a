package dev.sluice.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The virtual threads of one run. */
final class Crew {
  /** No run takes nearly as long; in one that does, somebody waits for a value that was lost. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder sum = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** What a process does; it answers the sum of what it received. */
  interface Body {
    long run() throws InterruptedException;
  }

  void start(Body body) {
    threads.add(Thread.startVirtualThread(() -> run(body)));
  }

  private void run(Body body) {
    try {
      sum.add(body.run());
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  /**
   * Waits for all.
   *
   * @return the sum of what they answered
   * @throws IllegalStateException one failed, or one has not ended in time
   */
  long join() throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        threads.forEach(Thread::interrupt);
        throw new IllegalStateException(
            "a process still waits after " + LIMIT.toSeconds() + " s: a value was lost");
      }
    }
    Throwable failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("a process failed", failed);
    }
    return sum.sum();
  }
}
