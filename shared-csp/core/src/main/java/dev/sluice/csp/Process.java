package dev.sluice.csp;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A process that a {@link Scope} has started: one thread, a virtual one as a rule, which owns its
 * state and shares it with nobody.
 */
@SuppressWarnings("AvoidCommonTypeNames") // the term of CSP; java.lang.Process is another world
public final class Process {
  private final Scope scope;
  private final String name;
  private final Instant since;
  private final Thread thread;
  private volatile boolean cancelled;

  Process(Scope scope, String name, Instant since, Thread.Builder kind, Scope.Body body) {
    this.scope = scope;
    this.name = Objects.requireNonNull(name);
    this.since = since;
    this.thread = kind.name(name).unstarted(() -> run(body));
  }

  /** {@return the name that it was started with} */
  public String name() {
    return name;
  }

  /** {@return the scope it was started in} */
  public Scope scope() {
    return scope;
  }

  /** {@return when it was started, by the scope's clock} */
  public Instant since() {
    return since;
  }

  /** {@return whether it has not ended yet} */
  public boolean isAlive() {
    return scope.runs(this);
  }

  /**
   * Tells this one process to end, by interrupting it; the rest of the scope goes on. If it then
   * ends with {@link InterruptedException} or {@link java.util.concurrent.CancellationException},
   * it has not failed.
   */
  public void cancel() {
    cancelled = true;
    thread.interrupt();
  }

  /** {@return whether {@link #cancel} has been called on it} */
  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Waits until it has ended; how it ended is the scope's affair.
   *
   * @throws InterruptedException this thread was interrupted
   */
  public void join() throws InterruptedException {
    thread.join();
  }

  /**
   * What it waits for at this moment, such as {@code receive from inbox}; null when it does not
   * wait. {@link Processes#snapshot} tells the same of all processes, as data, and of which scope
   * it is that one waits for in {@link Scope#join}.
   *
   * @return for people to read; the wording may change
   */
  public @Nullable String waitsFor() {
    return Doing.of(thread).waitsFor();
  }

  @Override
  public String toString() {
    return name;
  }

  Thread thread() {
    return thread;
  }

  private void run(Scope.Body body) {
    Throwable thrown = null;
    try {
      body.run();
    } catch (Throwable any) { // all of them: the scope answers for its processes
      thrown = any;
    }
    scope.ended(this, thrown);
  }
}
