package dev.sluice.dedup.config;

import dev.sluice.csp.Clock;
import dev.sluice.dedup.config.claims.ClaimsConfig;
import dev.sluice.dedup.config.claims.ClaimsWiring;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.sqlite.SqliteEngine;
import dev.sluice.service.life.ServiceLife;
import dev.sluice.store.sqlite.SqliteFileException;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The file behind the memory, when {@code sluice.store} is {@code sqlite:FILE}. */
@Singleton
public class SqliteStore {
  static final String SCHEME = "sqlite:";

  private final @Nullable SqliteEngine engine;

  @Inject
  SqliteStore(
      ServiceLife life,
      DedupConfig config,
      ClaimsConfig claims,
      @ConfigProperty(name = "sluice.store", defaultValue = StoreWiring.MEMORY) String store)
      throws InterruptedException {
    engine = store.startsWith(SCHEME) ? start(life, config, claims, path(store)) : null;
    if (engine != null) {
      life.onEnded(engine::close);
    }
  }

  /** Present when there is such a file. */
  public Optional<SqliteEngine> engine() {
    return Optional.ofNullable(engine);
  }

  private static SqliteEngine start(
      ServiceLife life, DedupConfig config, ClaimsConfig claims, Path path)
      throws InterruptedException {
    int shards = StoreWiring.shards(config);
    var settings = new SqliteEngine.Settings(shards, ClaimsWiring.shards(claims), config.keys());
    try {
      return SqliteEngine.start(
          path,
          Clock.system(),
          life.monitor(),
          settings,
          (shard, evictions) ->
              new MemorySeenStore(
                  (int) StoreWiring.share(config.maxEntries(), shard, shards),
                  settings.keys(),
                  config.whenFull(),
                  evictions));
    } catch (SqliteFileException failure) {
      // without its cause: Quarkus then says it in one line
      throw new ConfigurationException("sluice.store: " + failure.getMessage());
    }
  }

  private static Path path(String store) {
    try {
      return Path.of(store.substring(SCHEME.length()));
    } catch (InvalidPathException invalid) {
      throw new ConfigurationException("sluice.store is " + store + ": no name of a file", invalid);
    }
  }
}
