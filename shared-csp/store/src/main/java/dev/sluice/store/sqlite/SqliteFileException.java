package dev.sluice.store.sqlite;

import org.jspecify.annotations.Nullable;

/** A file cannot be opened; the message is one line that names the file and says why. */
public final class SqliteFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SqliteFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
