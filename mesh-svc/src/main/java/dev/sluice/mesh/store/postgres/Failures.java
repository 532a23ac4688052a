package dev.sluice.mesh.store.postgres;

import java.sql.SQLException;
import java.util.Set;

/**
 * What it means that something has failed.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL: Error
 *     Codes</a>
 */
final class Failures {
  /**
   * Those that may be gone the next time: could not serialize, deadlock, waited too long for a
   * lock, and another was first with a row of this key, which can be seen the next time.
   */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03", "23505");

  /**
   * The server stops, has lost a process, starts; has ended a session that did nothing; or takes no
   * writes, as one that is a standby now.
   */
  private static final Set<String> GONE =
      Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04", "25006");

  /** No connection; out of disk, memory or connections; an error of the machine. */
  private static final Set<String> GONE_CLASSES = Set.of("08", "53", "58");

  private Failures() {}

  static boolean isConflict(Throwable failure) {
    return CONFLICTS.contains(state(failure));
  }

  /** Whether the connection is of no use any more, whatever is asked over it. */
  static boolean isLoss(Throwable failure) {
    String state = state(failure);
    return GONE.contains(state) || GONE_CLASSES.stream().anyMatch(state::startsWith);
  }

  static String oneLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
  }

  private static String state(Throwable failure) {
    String state = failure instanceof SQLException sql ? sql.getSQLState() : null;
    return state == null ? "" : state;
  }
}
