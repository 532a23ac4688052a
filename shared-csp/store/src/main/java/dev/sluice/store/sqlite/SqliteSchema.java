package dev.sluice.store.sqlite;

import java.util.List;

/**
 * What is in a file, and how an older one becomes a newer one.
 *
 * @param application whose files these are ({@code PRAGMA application_id}); not 0
 * @param versions the statements that make version i + 1 ({@code PRAGMA user_version}) of version
 *     i; the first list makes the tables in an empty file. Once released, a version is never
 *     changed
 */
public record SqliteSchema(int application, List<List<String>> versions) {

  /**
   * Checks it.
   *
   * @throws IllegalArgumentException the application is 0 or there is no version
   */
  public SqliteSchema {
    if (application == 0 || versions.isEmpty()) {
      throw new IllegalArgumentException("a schema has an application and a version at least");
    }
    versions = versions.stream().map(List::copyOf).toList();
  }

  /** The newest version. */
  public int version() {
    return versions.size();
  }
}
