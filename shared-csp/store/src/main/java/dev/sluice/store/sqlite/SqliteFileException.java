package dev.sluice.store.sqlite;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file cannot be opened; the message is one line that names the file and says why. */
public final class SqliteFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What has gone wrong with a file while it was read, in the words of the one that failed. */
  public static SqliteFileException of(Path path, Exception failure) {
    if (failure instanceof SqliteFileException told) {
      return told;
    }
    String reason = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
    return new SqliteFileException(path + " " + reason, failure);
  }

  SqliteFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
