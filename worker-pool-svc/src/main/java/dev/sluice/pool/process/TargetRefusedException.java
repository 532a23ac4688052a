package dev.sluice.pool.process;

/** A job's target must not be called. */
public final class TargetRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  public TargetRefusedException(String message) {
    super(message);
  }
}
