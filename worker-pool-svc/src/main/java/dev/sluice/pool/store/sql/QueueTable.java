package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueView;
import dev.sluice.pool.store.QueueDefaults;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queues. Those that were read are remembered until they are {@linkplain #forget forgotten}.
 */
final class QueueTable {
  private final Sql sql;
  private final QueueDefaults defaults;
  private final String byName;
  private final Map<String, QueueView> known = new HashMap<>();
  private final Set<String> absent = new HashSet<>();

  QueueTable(Sql sql, QueueDefaults defaults) {
    this.sql = sql;
    this.defaults = defaults;
    byName = "SELECT name, settings, paused FROM queue WHERE name = ?" + sql.dialect().forUpdate();
  }

  /** What was read may have been changed by others, or undone. */
  void forget() {
    known.clear();
    absent.clear();
  }

  /** It was read, and locked where others write too. */
  void know(QueueView queue) {
    known.put(queue.name(), queue);
  }

  /**
   * It was asked for, and was not there; whoever makes it now was later, also if it is another. So
   * to make it here fails, and nobody waits for it who has others locked.
   */
  void knowAbsent(String queue) {
    absent.add(queue);
  }

  /** What a stored text says, or if there is none, the name. */
  QueueView view(String name, @Nullable String settings, boolean paused) {
    return new QueueView(
        name,
        settings == null ? defaults.of(name) : SettingsJson.settings(settings),
        settings != null,
        paused);
  }

  @Nullable QueueView find(String name) {
    QueueView queue = known.get(name);
    if (queue == null && !absent.contains(name)) {
      queue = sql.first(byName, this::read, name);
      if (queue != null) {
        known.put(name, queue);
      }
    }
    return queue;
  }

  /** Of one that is not there what it would be. */
  QueueView orDefault(String name) {
    QueueView queue = find(name);
    return queue == null ? new QueueView(name, defaults.of(name), false, false) : queue;
  }

  QueueSettings settings(String name) {
    return orDefault(name).settings();
  }

  List<QueueView> all() {
    return sql.all("SELECT name, settings, paused FROM queue ORDER BY name", this::read);
  }

  /** Makes it if it is not there; false: there is no room for another. */
  boolean make(String name) {
    if (find(name) != null) {
      return true;
    }
    Long count = sql.first("SELECT count(*) FROM queue", row -> row.number(1));
    if (count != null && count >= defaults.maxQueues()) {
      return false;
    }
    makeAnyway(name);
    return true;
  }

  /** Makes it if it is not there, however many there are. */
  void makeAnyway(String name) {
    if (find(name) == null) {
      sql.update("INSERT INTO queue(name, paused) VALUES(?, 0)", name);
      absent.remove(name);
    }
  }

  void configure(String name, QueueSettings settings) {
    sql.update("UPDATE queue SET settings = ? WHERE name = ?", SettingsJson.text(settings), name);
    known.remove(name);
  }

  void pause(String name, boolean paused) {
    sql.update("UPDATE queue SET paused = ? WHERE name = ?", paused ? 1 : 0, name);
    known.remove(name);
  }

  void delete(String name) {
    sql.update("DELETE FROM queue WHERE name = ?", name);
    known.remove(name);
  }

  private QueueView read(Sql.Row row) throws SQLException {
    return view(row.text(1), row.optionalText(2), row.number(3) != 0);
  }
}
