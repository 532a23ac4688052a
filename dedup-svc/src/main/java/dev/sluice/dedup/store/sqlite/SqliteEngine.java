package dev.sluice.dedup.store.sqlite;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenOutcome;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.dedup.store.claims.ClaimStore;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteFileException;
import dev.sluice.store.sqlite.SqliteWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/**
 * A file with seen keys and claims, and the process that writes it. The fingerprints' secret is in
 * it too, so that a key is the same after a restart; the number of shards may be another one.
 */
public final class SqliteEngine {
  private static final String VERBATIM = "verbatim";

  private final Scope scope;
  private final Fingerprint.Secret secret;
  private final Settings settings;
  private final List<Loaded> memories;
  private final SqliteWriter writer;

  /** Filled while starting, and used when the shards' processes have ended. */
  private final List<SqliteSeenStore> seenStores = new ArrayList<>();

  /**
   * What is to be known of it.
   *
   * @param seenShards how many share the seen keys
   * @param claimShards how many share the claims
   * @param keys what is kept of a key. A file that has fingerprints only cannot be opened to keep
   *     keys verbatim; the other way round it can, and then there is no way back
   */
  public record Settings(int seenShards, int claimShards, KeyForm keys) {}

  /** A shard's memory as the file was read into it. */
  private static final class Loaded {
    final MemorySeenStore memory;
    final List<SqliteSeenStore.Evicted> evicted = new ArrayList<>();

    Loaded(BiFunction<Integer, MemorySeenStore.Evictions, MemorySeenStore> memories, int shard) {
      memory =
          memories.apply(
              shard, (print, end) -> evicted.add(new SqliteSeenStore.Evicted(print, end)));
    }

    /**
     * Of two windows of one key the last that ends counts; there are two if a clock was put back.
     */
    void restore(SeenKey key, SeenOutcome.Seen seen, long now) {
      memory.forget(key, now);
      memory.restore(key, seen.firstSeenAt(), seen.expiresAt(), seen.times());
    }
  }

  private SqliteEngine(
      Scope scope,
      Fingerprint.Secret secret,
      Settings settings,
      List<Loaded> memories,
      SqliteWriter writer) {
    this.scope = scope;
    this.secret = secret;
    this.settings = settings;
    this.memories = memories;
    this.writer = writer;
  }

  /**
   * Opens the file, reads the seen keys whose window has not ended into memory, and starts the
   * writer, in a scope of its own.
   *
   * @param clock by which the writer goes
   * @param monitor watches the writer's heart
   * @param memories makes the memory of each shard of seen keys, by its number; it is to tell the
   *     second what it evicts
   * @throws SqliteFileException the file cannot be used; the message is one line that says why
   */
  public static SqliteEngine start(
      Path path,
      Clock clock,
      HeartbeatMonitor monitor,
      Settings settings,
      BiFunction<Integer, MemorySeenStore.Evictions, MemorySeenStore> memories)
      throws InterruptedException {
    SqliteFile file = SqliteFile.open(path, DedupSchema.SCHEMA);
    var time = new EpochClock(clock);
    Scope scope = Scope.open("sqlite", clock);
    try {
      requireForm(file, settings.keys());
      Fingerprint.Secret secret = secret(file);
      file.commit();
      List<Loaded> loaded = load(file, settings, memories, time.nanos());
      file.rollback(); // ends the reading
      SqliteWriter writer =
          SqliteWriter.start(
              scope,
              monitor,
              file,
              settings.seenShards() + settings.claimShards(),
              written -> purge(written, time.nanos()));
      return new SqliteEngine(scope, secret, settings, loaded, writer);
    } catch (SQLException | RuntimeException failure) {
      file.close();
      scope.close();
      throw SqliteFileException.of(path, failure);
    }
  }

  /** What the fingerprints of the keys in the file depend on. */
  public Fingerprint.Secret secret() {
    return secret;
  }

  /** Where the shards keep the keys they have seen; each is opened once. */
  public SeenStore.Factory seenStores() {
    return (shard, wake) -> {
      Loaded loaded = memories.get(shard);
      var store =
          new SqliteSeenStore(loaded.memory, loaded.evicted, writer.session(wake), settings.keys());
      seenStores.add(store);
      return store;
    };
  }

  /**
   * Where the shards keep claims; each is opened once.
   *
   * @param maxEntries the most to keep, by all shards together
   * @param maxBytes the most that the responses may have, of all shards together
   */
  public ClaimStore.Factory claimStores(long maxEntries, long maxBytes) {
    var table = new ClaimTable(maxEntries, maxBytes);
    return (_, wake) -> new SqliteClaimStore(table, writer.session(wake));
  }

  SqliteWriter writer() {
    return writer;
  }

  /** Writes what is left and closes the file; called when the shards' processes have ended. */
  public void close() {
    seenStores.forEach(SqliteSeenStore::finish);
    writer.close();
    try {
      scope.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    scope.close();
  }

  private static boolean purge(SqliteFile file, long now) throws SQLException {
    boolean moreSeen = SeenTable.purge(file, now);
    boolean moreClaims = ClaimTable.purge(file, now);
    return moreSeen || moreClaims;
  }

  private static void requireForm(SqliteFile file, KeyForm keys) throws SQLException {
    OptionalLong before = Meta.get(file, VERBATIM);
    boolean verbatim = keys == KeyForm.VERBATIM;
    if (verbatim && before.isPresent() && before.getAsLong() == 0) {
      throw new SQLException(
          "cannot be opened: it has fingerprints of keys only, and keys are to be kept verbatim");
    }
    Meta.set(file, VERBATIM, verbatim ? 1 : 0);
  }

  private static Fingerprint.Secret secret(SqliteFile file) throws SQLException {
    OptionalLong first = Meta.get(file, "secret-1");
    OptionalLong second = Meta.get(file, "secret-2");
    if (first.isPresent() && second.isPresent()) {
      return new Fingerprint.Secret(first.getAsLong(), second.getAsLong());
    }
    Fingerprint.Secret drawn = Fingerprint.Secret.random();
    Meta.set(file, "secret-1", drawn.first());
    Meta.set(file, "secret-2", drawn.second());
    return drawn;
  }

  private static List<Loaded> load(
      SqliteFile file,
      Settings settings,
      BiFunction<Integer, MemorySeenStore.Evictions, MemorySeenStore> memories,
      long now)
      throws SQLException {
    var all = new ArrayList<Loaded>();
    for (int shard = 0; shard < settings.seenShards(); shard++) {
      all.add(new Loaded(memories, shard));
    }
    SeenTable.readAll(
        file,
        now,
        (print, namespace, key, seen) ->
            all.get(Shards.shardOf(print, all.size()))
                .restore(new SeenKey(namespace, key == null ? "" : key, print), seen, now));
    return List.copyOf(all);
  }
}
