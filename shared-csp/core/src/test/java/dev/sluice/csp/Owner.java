package dev.sluice.csp;

import java.util.List;

/**
 * A thread named {@code owner} that opens the scope {@code tree}, starts processes in it and then
 * does what an owner does, mostly {@link Scope#join}. The test that looks on is nobody to them.
 */
final class Owner implements AutoCloseable {
  @FunctionalInterface
  interface Body {
    void run(Scope scope) throws Exception;
  }

  private final Call<Object> call;
  private final boolean isInterrupted;

  private Owner(Body body, boolean isInterrupted) {
    this.isInterrupted = isInterrupted;
    call =
        Call.run(() -> {
          Thread.currentThread().setName("owner");
          try (var scope = Scope.open("tree", Noon.CLOCK)) {
            body.run(scope);
          }
        });
  }

  /** Waits for the processes' end. */
  static Owner joins(Body start) {
    return new Owner(
        scope -> {
          start.run(scope);
          scope.join();
        },
        false);
  }

  /** Does something else with the scope at last, which must end when it is interrupted. */
  static Owner does(Body body) {
    return new Owner(
        scope -> {
          try {
            body.run(scope);
          } catch (InterruptedException ended) {
            scope.cancel();
          }
        },
        true);
  }

  /** Waits until the owner and so many processes wait, and answers what is seen then. */
  Snapshot settled(int processes) {
    Await.until(() -> waits(call.thread()) && waiting() == processes);
    return Processes.snapshot();
  }

  /** Waits until so many processes wait, while the owner goes on. */
  Snapshot running(int processes) {
    Await.until(() -> waiting() == processes);
    return Processes.snapshot();
  }

  boolean isRunning() {
    return call.isRunning();
  }

  @Override
  public void close() {
    if (isInterrupted) {
      call.interrupt();
    } else {
      Processes.scopes().forEach(Scope::cancel);
    }
    try {
      call.result();
    } catch (Exception noEnd) {
      throw new AssertionError("the owner does not end", noEnd);
    }
  }

  private static long waiting() {
    return Processes.scopes().stream().mapToLong(Owner::waitingIn).sum();
  }

  private static long waitingIn(Scope scope) {
    List<Process> processes = scope.processes();
    return processes.stream().filter(process -> waits(process.thread())).count()
        + scope.children().stream().mapToLong(Owner::waitingIn).sum();
  }

  private static boolean waits(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }
}
