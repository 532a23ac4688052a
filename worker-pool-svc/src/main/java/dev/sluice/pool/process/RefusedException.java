package dev.sluice.pool.process;

import dev.sluice.store.StoreFailure;

/** A request that the pool did not take or could not do, for no fault of the request. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Reason reason;

  /** Why. */
  public sealed interface Reason {
    /** The service is stopping. */
    record Draining() implements Reason {}

    /** As many requests wait as may. */
    record Overloaded(String what) implements Reason {}

    /** The service itself does the jobs of this queue: they are not for workers outside. */
    record PushQueue(String queue) implements Reason {}

    /** The engine has not done it, or nobody knows. */
    record Store(StoreFailure failure) implements Reason {}
  }

  /** Without a stack trace: it says nothing of the service. */
  public RefusedException(Reason reason) {
    super(reason.toString(), null, false, false);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
