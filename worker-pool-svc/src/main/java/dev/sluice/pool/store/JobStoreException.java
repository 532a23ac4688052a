package dev.sluice.pool.store;

import org.jspecify.annotations.Nullable;

/** The place where jobs are kept is broken, or cannot be reached. */
public final class JobStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public JobStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
