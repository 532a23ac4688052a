package dev.sluice.mesh.store.postgres;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The database cannot be used; the message is one line that names it and says why. */
public final class PostgresException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PostgresException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static PostgresException of(PostgresSettings settings, SQLException failure) {
    return new PostgresException(settings + " " + Failures.oneLine(failure), failure);
  }
}
