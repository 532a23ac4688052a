package dev.sluice.csp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call that a test makes on another thread, to watch it wait, to interrupt it, to see its end.
 */
final class Call<T> {
  private static final long LIMIT_SECONDS = 30;

  @FunctionalInterface
  interface Body<T> {
    @Nullable T run() throws Exception;
  }

  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  private final CompletableFuture<Outcome<T>> outcome = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean interruptedAtEnd;

  private Call(Thread.Builder builder, Body<T> body) {
    thread = builder.start(() -> run(body));
  }

  /** Calls on a virtual thread. */
  static <T> Call<T> of(Body<T> body) {
    return new Call<>(Thread.ofVirtual(), body);
  }

  /** Calls what answers nothing, on a virtual thread. */
  static Call<Object> run(Action action) {
    return new Call<>(Thread.ofVirtual(), nothing(action));
  }

  /** Calls what answers nothing, on a thread of the platform. */
  static Call<Object> runOnPlatformThread(Action action) {
    return new Call<>(Thread.ofPlatform().daemon(), nothing(action));
  }

  private static Body<Object> nothing(Action action) {
    return () -> {
      action.run();
      return null;
    };
  }

  boolean isRunning() {
    return !outcome.isDone();
  }

  Thread thread() {
    return thread;
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Waits for the end and answers what the call has answered; it must not have thrown. */
  @Nullable T result() throws Exception {
    Outcome<T> ended = outcome.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (ended.thrown() != null) {
      throw new AssertionError("the call has thrown", ended.thrown());
    }
    return ended.answer();
  }

  /** Waits for the end and answers what the call has thrown; it must have. */
  Throwable failure() throws Exception {
    Outcome<T> ended = outcome.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (ended.thrown() == null) {
      throw new AssertionError("the call has not thrown but answered " + ended.answer());
    }
    return ended.thrown();
  }

  /** Waits for the end, and whether the thread was interrupted then. */
  boolean endedInterrupted() throws Exception {
    thread.join();
    return interruptedAtEnd;
  }

  private void run(Body<T> body) {
    Outcome<T> ended;
    try {
      ended = new Outcome<>(body.run(), null);
    } catch (Throwable thrown) {
      ended = new Outcome<>(null, thrown);
    }
    interruptedAtEnd = Thread.currentThread().isInterrupted();
    outcome.complete(ended);
  }

  private record Outcome<T>(@Nullable T answer, @Nullable Throwable thrown) {}
}
