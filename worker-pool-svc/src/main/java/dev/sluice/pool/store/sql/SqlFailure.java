package dev.sluice.pool.store.sql;

import java.sql.SQLException;

/** The engine has not done a statement; its transaction is to be undone. */
public final class SqlFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final SQLException why;

  public SqlFailure(SQLException why) {
    super(why.getMessage(), why);
    this.why = why;
  }

  /** What the engine says. */
  public SQLException why() {
    return why;
  }
}
