package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.Change;
import java.util.ArrayList;
import java.util.List;

/** When it is, and what has happened meanwhile. */
final class Transaction {
  private long now;
  private List<Change> changes = new ArrayList<>();

  /** Begins a part of a transaction. */
  void begin(long millis) {
    now = millis;
    changes = new ArrayList<>();
  }

  /** Milliseconds since 1970. */
  long now() {
    return now;
  }

  void tell(Change change) {
    changes.add(change);
  }

  List<Change> changes() {
    return changes;
  }
}
