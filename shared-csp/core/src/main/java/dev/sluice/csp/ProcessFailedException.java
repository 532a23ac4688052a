package dev.sluice.csp;

/** Carries the checked exception with which a process ended, or a {@link Reply} was answered. */
public final class ProcessFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private ProcessFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The failure as something that can be thrown anywhere: itself when it is unchecked, else
   * wrapped.
   */
  static RuntimeException unchecked(Throwable failure, String where) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new ProcessFailedException(where + " failed: " + failure, failure);
  }
}
