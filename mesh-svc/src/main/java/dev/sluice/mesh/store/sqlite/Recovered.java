package dev.sluice.mesh.store.sqlite;

import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog.Entry;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.sqlite.SqliteFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What was in the file when it was opened.
 *
 * @param secret of the fingerprints of the index
 * @param index all ids
 * @param unanswered in the order of acceptance
 * @param last the highest number that was given to a request; 0 when there never was one
 */
record Recovered(Fingerprint.Secret secret, IdIndex index, List<Request> unanswered, long last) {

  static Recovered read(SqliteFile file) throws SQLException {
    var secret = Fingerprint.Secret.random();
    var index = new IdIndex();
    var open = new ArrayList<Long>();
    long last = 0;
    try (ResultSet rows =
        file.statement(
                "SELECT request.seq, request.id, outcome.seq IS NULL"
                    + " FROM request LEFT JOIN outcome USING(seq) ORDER BY request.seq")
            .executeQuery()) {
      while (rows.next()) {
        last = rows.getLong(1);
        index.put(Fingerprint.of(secret, null, rows.getString(2)), last);
        if (rows.getBoolean(3)) {
          open.add(last);
        }
      }
    }
    return new Recovered(secret, index, requests(file, open), last);
  }

  private static List<Request> requests(SqliteFile file, List<Long> all) throws SQLException {
    var requests = new ArrayList<Request>();
    for (long seq : all) {
      Entry entry = LogTables.find(file, seq);
      if (entry != null) {
        requests.add(entry.request());
      }
    }
    return requests;
  }
}
