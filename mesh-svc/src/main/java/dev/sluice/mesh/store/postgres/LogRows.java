package dev.sluice.mesh.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.OutcomeRow;
import dev.sluice.mesh.store.RequestLog.Entry;
import dev.sluice.mesh.store.postgres.LogTask.Found;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one router does in the tables, each method within the transaction of the link; owned by who
 * owns the link.
 */
final class LogRows {
  /** A router whose mark is older is dead. */
  static final Duration DEAD_AFTER = Duration.ofSeconds(10);

  /** How many outcomes are forgotten at once. */
  static final int STEP = 1_000;

  private static final long FORGET_TURN = 0x536c_4d65_466fL; // SlMeFo

  /**
   * Keeps those whose id is new. Without the router's mark, which is locked meanwhile so that
   * nobody takes it, none is kept: a row without one would be nobody's.
   */
  private static final String ACCEPT =
      """
      INSERT INTO request(seq, router, id, key, op, payload)
      SELECT nextval('request_seq'), router, id, key, op, payload FROM (
        SELECT m.name AS router, n.id, n.key, n.op, n.payload
        FROM unnest(?::text[], ?::text[], ?::text[], ?::bytea[])
            WITH ORDINALITY AS n(id, key, op, payload, place)
          CROSS JOIN (SELECT name FROM router WHERE name = ? FOR SHARE) AS m
        ORDER BY n.place) AS fresh
      ON CONFLICT(id) DO NOTHING
      RETURNING id, seq\
      """;

  private static final String FINISH =
      """
      INSERT INTO outcome(seq, at, kind, shard, worker, number, text)
      SELECT n.seq, now_millis(), n.kind, n.shard, n.worker, n.number, n.text
      FROM unnest(?::bigint[], ?::int[], ?::int[], ?::text[], ?::bigint[], ?::bytea[])
        AS n(seq, kind, shard, worker, number, text)
      ON CONFLICT DO NOTHING\
      """;

  private static final String COLUMNS =
      "SELECT r.seq, r.router, r.id, r.key, r.op, r.payload,"
          + " o.kind, o.shard, o.worker, o.number, o.text"
          + " FROM request r LEFT JOIN outcome o ON o.seq = r.seq";

  private static final String FIND = COLUMNS + " WHERE r.id = ANY(?)";

  private static final String OPEN =
      COLUMNS + " WHERE r.router = ? AND o.seq IS NULL ORDER BY r.seq";

  private static final String IS_OPEN =
      " AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.seq = r.seq)";

  private static final String RENEW =
      "INSERT INTO router(name, renewed) VALUES(?, now_millis())"
          + " ON CONFLICT(name) DO UPDATE SET renewed = now_millis()";

  private static final String DEAD =
      "SELECT name FROM router WHERE name <> ? AND renewed <= now_millis() - ?"
          + " ORDER BY name LIMIT 1 FOR UPDATE SKIP LOCKED";

  private static final String ADOPT =
      "UPDATE request r SET router = ? WHERE r.router = ?"
          + IS_OPEN
          + " RETURNING r.seq, r.router, r.id, r.key, r.op, r.payload, NULL::int";

  private static final String FORGET =
      """
      WITH last AS MATERIALIZED (SELECT max(seq) AS seq FROM outcome),
        gone AS MATERIALIZED (
          SELECT f.seq FROM (SELECT seq, at FROM outcome ORDER BY seq LIMIT ?) AS f, last
          WHERE f.seq < last.seq AND (f.at <= now_millis() - ? OR f.seq <= last.seq - ?)),
        requests AS (DELETE FROM request WHERE seq IN (SELECT seq FROM gone))
      DELETE FROM outcome WHERE seq IN (SELECT seq FROM gone)\
      """;

  private final Link link;
  private final String router;

  LogRows(Link link, String router) {
    this.link = link;
    this.router = router;
  }

  /** Whether there ever was a request, of whatever router. */
  boolean hasHistory() throws SQLException {
    return exists(link.statement("SELECT is_called FROM request_seq"));
  }

  /** What is this router's and has no outcome, in the order of acceptance. */
  List<Found> open() throws SQLException {
    PreparedStatement select = link.statement(OPEN);
    select.setString(1, router);
    return all(select);
  }

  /**
   * Keeps requests, in this order.
   *
   * @param requests no two with the same id
   * @return the numbers of those that were kept, by id
   */
  Map<String, Long> accept(Collection<Request> requests) throws SQLException {
    PreparedStatement insert = link.statement(ACCEPT);
    insert.setArray(1, link.array("text", requests.stream().map(Request::id).toArray()));
    insert.setArray(2, link.array("text", requests.stream().map(Request::key).toArray()));
    insert.setArray(3, link.array("text", requests.stream().map(Request::op).toArray()));
    insert.setArray(
        4, link.array("bytea", bytes(requests.stream().map(Request::payload).toList())));
    insert.setString(5, router);
    var kept = new HashMap<String, Long>();
    try (ResultSet rows = insert.executeQuery()) {
      while (rows.next()) {
        kept.put(rows.getString(1), rows.getLong(2));
      }
    }
    return kept;
  }

  /** Keeps outcomes, for those requests that have none. */
  void finish(List<LogTask.Finish> finishes) throws SQLException {
    List<OutcomeRow> rows =
        finishes.stream().map(LogTask.Finish::outcome).map(OutcomeRow::of).toList();
    PreparedStatement insert = link.statement(FINISH);
    insert.setArray(1, numbers(finishes, LogTask.Finish::seq));
    insert.setArray(2, link.array("int", rows.stream().map(OutcomeRow::kind).toArray()));
    insert.setArray(3, link.array("int", rows.stream().map(OutcomeRow::shard).toArray()));
    insert.setArray(4, link.array("text", rows.stream().map(OutcomeRow::worker).toArray()));
    insert.setArray(5, numbers(rows, OutcomeRow::number));
    insert.setArray(6, link.array("bytea", bytes(rows.stream().map(OutcomeRow::text).toList())));
    insert.executeUpdate();
  }

  /** Looks for requests, by id. */
  Map<String, Found> find(Collection<String> ids) throws SQLException {
    PreparedStatement select = link.statement(FIND);
    select.setArray(1, link.array("text", ids.toArray()));
    var all = new HashMap<String, Found>();
    for (Found found : all(select)) {
      all.put(found.entry().request().id(), found);
    }
    return all;
  }

  /** Says that this router lives. */
  void renew() throws SQLException {
    PreparedStatement renew = link.statement(RENEW);
    renew.setString(1, router);
    renew.executeUpdate();
  }

  /** A router that has not renewed its mark, which nobody else can take until the end; or null. */
  @Nullable String dead() throws SQLException {
    PreparedStatement select = link.statement(DEAD);
    select.setString(1, router);
    select.setLong(2, DEAD_AFTER.toMillis());
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }

  /** Takes over what a dead router has not answered, and its mark; in the order of acceptance. */
  List<Found> adopt(String dead) throws SQLException {
    PreparedStatement adopt = link.statement(ADOPT);
    adopt.setString(1, router);
    adopt.setString(2, dead);
    var adopted = new ArrayList<Found>(all(adopt));
    adopted.sort((one, other) -> Long.compare(one.seq(), other.seq()));
    PreparedStatement forget = link.statement("DELETE FROM router WHERE name = ?");
    forget.setString(1, dead);
    forget.executeUpdate();
    return adopted;
  }

  /**
   * Forgets some outcomes that are old or too many, with their requests. One router at a time does.
   *
   * @return whether there may be more
   */
  boolean forget(LogSettings settings) throws SQLException {
    PreparedStatement turn = link.statement("SELECT pg_try_advisory_xact_lock(?)");
    turn.setLong(1, FORGET_TURN);
    if (!exists(turn)) {
      return false;
    }
    PreparedStatement delete = link.statement(FORGET);
    delete.setInt(1, STEP);
    delete.setLong(2, settings.keep().toMillis());
    delete.setLong(3, settings.keepMax());
    return delete.executeUpdate() == STEP;
  }

  private List<Found> all(PreparedStatement select) throws SQLException {
    var all = new ArrayList<Found>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        var request =
            new Request(
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                new String(rows.getBytes(6), UTF_8),
                true);
        boolean isMine = rows.getString(2).equals(router);
        all.add(new Found(rows.getLong(1), isMine, new Entry(request, outcome(rows))));
      }
    }
    return all;
  }

  private static @Nullable Outcome outcome(ResultSet row) throws SQLException {
    int kind = row.getInt(7);
    return row.wasNull()
        ? null
        : new OutcomeRow(
                kind,
                row.getInt(8),
                row.getString(9),
                row.getLong(10),
                new String(row.getBytes(11), UTF_8))
            .outcome();
  }

  private <T> java.sql.Array numbers(List<T> all, ToLongFunction<T> number) throws SQLException {
    return link.array("bigint", all.stream().mapToLong(number).boxed().toArray());
  }

  private static byte[][] bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new);
  }

  private static boolean exists(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }
}
