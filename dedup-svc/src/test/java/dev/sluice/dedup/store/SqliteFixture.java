package dev.sluice.dedup.store;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.dedup.store.sqlite.SqliteEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;

/** An engine on a file, that can be started again. */
public final class SqliteFixture implements AutoCloseable {
  private final Scope watchers = Scope.open("watchers");
  private final HeartbeatMonitor monitor =
      HeartbeatMonitor.start(watchers, "heartbeats", Duration.ofSeconds(1));
  private final SqliteEngine engine;

  public SqliteFixture(Path file) {
    this(file, 1, KeyForm.HASHED);
  }

  public SqliteFixture(Path file, int shards, KeyForm keys) {
    this(
        file,
        new SqliteEngine.Settings(shards, 1, keys),
        (_, evictions) -> new MemorySeenStore(100_000, keys, WhenFull.REFUSE, evictions));
  }

  public SqliteFixture(
      Path file,
      SqliteEngine.Settings settings,
      BiFunction<Integer, MemorySeenStore.Evictions, MemorySeenStore> memories) {
    try {
      engine = SqliteEngine.start(file, Clock.system(), monitor, settings, memories);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    } catch (RuntimeException failure) {
      watchers.close();
      throw failure;
    }
  }

  public SqliteEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
    watchers.close();
  }
}
