package dev.sluice.store.sqlite;

import dev.sluice.store.StoreFailure;
import java.sql.SQLException;

/**
 * Something to be done in the file. It is handed to a {@link SqliteSession} and back: {@link
 * #apply} is called by the writer, then one of the other two by the process that has the session,
 * so its fields need no lock.
 */
public interface SqliteTask {

  /**
   * Reads and writes, within a transaction that belongs to others too.
   *
   * @throws SQLException the whole transaction fails, and is undone
   */
  void apply(SqliteFile file) throws SQLException;

  /** It is on the disk. */
  void committed();

  /**
   * It has not happened, as far as the file is concerned. (If the disk has failed while it was
   * asked to flush, and the machine stops before the next transaction, it may be there afterwards.)
   *
   * @param why what was in the way
   */
  void failed(StoreFailure.Unavailable why);
}
