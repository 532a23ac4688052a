package dev.sluice.csp;

/** A {@link Scope} was cancelled by its deadline while processes of it were still running. */
public final class DeadlineExceededException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DeadlineExceededException(String message) {
    super(message);
  }
}
