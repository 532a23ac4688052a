package dev.sluice.dedup.store.sqlite;

import dev.sluice.dedup.store.claims.ClaimOperation;
import dev.sluice.dedup.store.claims.ClaimOutcome;
import dev.sluice.dedup.store.claims.ClaimToken;
import dev.sluice.dedup.store.claims.StoredResponse;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.sqlite.SqliteFile;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of claims, and what is decided by them. Used by the writer only, within a transaction.
 *
 * <p>A fence is the time in microseconds, or one more than the last if that is not less; the last
 * is in the file, so it goes on growing whatever the machine's clock does meanwhile.
 *
 * @param maxEntries the most keys to keep, claimed or done with
 * @param maxBytes the most that all responses together may have
 */
record ClaimTable(long maxEntries, long maxBytes) {
  /** How many rows go at a time: some milliseconds' work. */
  static final int PURGE_MOST = 1_000;

  /** What is known of a key: its claim, or when {@code response} is there, how it ended. */
  private record Row(
      Fingerprint print,
      byte[] token,
      @Nullable String request,
      long fence,
      long leaseEnds,
      long expires,
      @Nullable StoredResponse response) {

    boolean isHeldBy(ClaimToken asked) {
      return response == null && isOf(asked);
    }

    boolean isOf(ClaimToken asked) {
      return Arrays.equals(token, bytes(asked));
    }
  }

  ClaimOutcome apply(SqliteFile file, ClaimOperation operation, long now) throws SQLException {
    Row row;
    try {
      row = present(file, operation.key().fingerprint(), now);
    } catch (UncheckedIOException damaged) { // only who asks for this key has to know
      return new ClaimOutcome.Failed(
          new StoreFailure.Unavailable("the stored response is damaged", Duration.ofSeconds(1)));
    }
    return switch (operation) {
      case ClaimOperation.Claim claim ->
          row == null ? begin(file, claim, now) : answer(row, claim.request());
      case ClaimOperation.Complete(_, ClaimToken token, StoredResponse response) ->
          complete(file, row, token, response, now);
      case ClaimOperation.Abort(_, ClaimToken token) -> abort(file, row, token);
      case ClaimOperation.Renew(_, ClaimToken token, long lease) ->
          renew(file, row, token, now + lease);
    };
  }

  /**
   * Deletes some of what has ended.
   *
   * @return whether there may be more
   */
  static boolean purge(SqliteFile file, long now) throws SQLException {
    PreparedStatement delete =
        file.statement(
            "DELETE FROM claim WHERE rowid IN"
                + " (SELECT rowid FROM claim WHERE ends <= ? ORDER BY ends LIMIT ?)");
    delete.setLong(1, now);
    delete.setInt(2, PURGE_MOST);
    return delete.executeUpdate() == PURGE_MOST;
  }

  private static ClaimOutcome answer(Row row, @Nullable String request) {
    if (row.request != null && request != null && !row.request.equals(request)) {
      return new ClaimOutcome.OtherRequest();
    }
    return row.response == null
        ? new ClaimOutcome.InProgress(row.leaseEnds)
        : new ClaimOutcome.Completed(row.response, row.expires);
  }

  private ClaimOutcome begin(SqliteFile file, ClaimOperation.Claim claim, long now)
      throws SQLException {
    if (total(file, "claims") >= maxEntries) {
      purge(file, now);
    }
    if (total(file, "claims") >= maxEntries) {
      return full(file, "all " + maxEntries + " claims are in use", now);
    }
    long fence = Math.max(total(file, "fence") + 1, now / 1000);
    Meta.set(file, "fence", fence);
    var row =
        new Row(
            claim.key().fingerprint(),
            bytes(claim.token()),
            claim.request(),
            fence,
            now + claim.lease(),
            now + claim.ttl(),
            null);
    insert(file, row);
    return new ClaimOutcome.Claimed(fence, row.leaseEnds, row.expires);
  }

  private ClaimOutcome complete(
      SqliteFile file, @Nullable Row row, ClaimToken token, StoredResponse response, long now)
      throws SQLException {
    if (row == null || !row.isOf(token)) {
      return new ClaimOutcome.Lost();
    }
    var completed = new ClaimOutcome.Completed(response, row.expires);
    if (row.response != null) {
      return row.response.equals(response) ? completed : new ClaimOutcome.Lost();
    }
    if (total(file, "claim-bytes") + response.size() > maxBytes) {
      purge(file, now);
    }
    long bytes = total(file, "claim-bytes");
    if (bytes + response.size() > maxBytes) {
      return full(file, "the responses have " + bytes + " of " + maxBytes + " bytes", now);
    }
    PreparedStatement update =
        file.statement("UPDATE claim SET response = ?, bytes = ?, ends = ? WHERE fingerprint = ?");
    update.setBytes(1, ResponseBytes.of(response));
    update.setLong(2, response.size());
    update.setLong(3, row.expires);
    update.setBytes(4, Prints.bytes(row.print));
    update.executeUpdate();
    return completed;
  }

  private static ClaimOutcome abort(SqliteFile file, @Nullable Row row, ClaimToken token)
      throws SQLException {
    if (row == null || !row.isHeldBy(token)) {
      return new ClaimOutcome.Lost();
    }
    remove(file, row.print);
    return new ClaimOutcome.Aborted();
  }

  private static ClaimOutcome renew(
      SqliteFile file, @Nullable Row row, ClaimToken token, long leaseEnds) throws SQLException {
    if (row == null || !row.isHeldBy(token)) {
      return new ClaimOutcome.Lost();
    }
    long expires = Math.max(row.expires, leaseEnds);
    PreparedStatement update =
        file.statement(
            "UPDATE claim SET lease_ends = ?, ends = ?, expires = ? WHERE fingerprint = ?");
    update.setLong(1, leaseEnds);
    update.setLong(2, leaseEnds);
    update.setLong(3, expires);
    update.setBytes(4, Prints.bytes(row.print));
    update.executeUpdate();
    return new ClaimOutcome.Claimed(row.fence, leaseEnds, expires);
  }

  /** What is known of the key; null when it is nobody's. */
  private static @Nullable Row present(SqliteFile file, Fingerprint print, long now)
      throws SQLException {
    PreparedStatement select =
        file.statement(
            "SELECT token, request, fence, lease_ends, expires, response, ends FROM claim"
                + " WHERE fingerprint = ?");
    select.setBytes(1, Prints.bytes(print));
    try (ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      if (row.getLong(7) > now) {
        byte[] response = row.getBytes(6);
        return new Row(
            print,
            row.getBytes(1),
            row.getString(2),
            row.getLong(3),
            row.getLong(4),
            row.getLong(5),
            response == null ? null : ResponseBytes.response(response));
      }
    }
    remove(file, print);
    return null;
  }

  private static void insert(SqliteFile file, Row row) throws SQLException {
    PreparedStatement insert =
        file.statement(
            "INSERT INTO claim(fingerprint, token, request, fence, lease_ends, expires, bytes, ends)"
                + " VALUES(?, ?, ?, ?, ?, ?, 0, ?)");
    insert.setBytes(1, Prints.bytes(row.print));
    insert.setBytes(2, row.token);
    insert.setString(3, row.request);
    insert.setLong(4, row.fence);
    insert.setLong(5, row.leaseEnds);
    insert.setLong(6, row.expires);
    insert.setLong(7, row.leaseEnds);
    insert.executeUpdate();
  }

  private static void remove(SqliteFile file, Fingerprint print) throws SQLException {
    PreparedStatement delete = file.statement("DELETE FROM claim WHERE fingerprint = ?");
    delete.setBytes(1, Prints.bytes(print));
    delete.executeUpdate();
  }

  private static ClaimOutcome full(SqliteFile file, String reason, long now) throws SQLException {
    PreparedStatement select = file.statement("SELECT coalesce(min(ends), 0) FROM claim");
    try (ResultSet row = select.executeQuery()) {
      long roomIn = row.next() ? Math.max(0, row.getLong(1) - now) : 0;
      return new ClaimOutcome.Failed(new StoreFailure.Full(reason, Duration.ofNanos(roomIn)));
    }
  }

  private static long total(SqliteFile file, String name) throws SQLException {
    return Meta.get(file, name).orElseThrow();
  }

  private static byte[] bytes(ClaimToken token) {
    return Prints.bytes(token.high(), token.low());
  }
}
