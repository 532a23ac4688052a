package dev.sluice.csp.patterns;

import org.jspecify.annotations.Nullable;

/** A child of a {@link Supervisor} has failed more often than its restarts are allowed. */
public final class RestartLimitExceededException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RestartLimitExceededException(String message, @Nullable Throwable lastFailure) {
    super(message, lastFailure);
  }
}
