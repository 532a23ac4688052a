package dev.sluice.pool.config;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.pool.store.postgres.PostgresEngine;
import dev.sluice.pool.store.postgres.PostgresException;
import dev.sluice.pool.store.postgres.PostgresSettings;
import dev.sluice.pool.store.sqlite.SqliteEngine;
import dev.sluice.service.life.ServiceLife;
import dev.sluice.store.sqlite.SqliteFileException;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses the engine that {@code sluice.store} names. */
@Singleton
public class StoreWiring {
  static final String MEMORY = "memory";
  static final String SETTING = "sluice.store";

  private static final String SQLITE = "sqlite:";
  private static final String POSTGRES = "postgresql:";

  /** Where the jobs are; closed when the pool's processes have ended. */
  @Produces
  @Singleton
  JobStore.Engine engine(
      ServiceLife life, QueueDefaults defaults, @ConfigProperty(name = SETTING) String store)
      throws InterruptedException {
    JobStore.Engine engine = open(life.monitor(), defaults, store);
    life.onEnded(engine::close);
    return engine;
  }

  /** Whether the jobs are lost when the service stops. */
  static boolean isEphemeral(String store) {
    return store.equals(MEMORY);
  }

  /**
   * Opens it.
   *
   * @throws ConfigurationException it cannot be, with one line that says why
   */
  static JobStore.Engine open(HeartbeatMonitor monitor, QueueDefaults defaults, String store)
      throws InterruptedException {
    if (isEphemeral(store)) {
      return SqliteEngine.inMemory(Clock.system(), monitor, defaults, new SecureRandom());
    }
    if (store.startsWith(SQLITE)) {
      return openFile(monitor, defaults, path(store));
    }
    if (store.startsWith(POSTGRES)) {
      return openDatabase(defaults, store);
    }
    throw new ConfigurationException(
        SETTING // without what it is, as there may be a password in it
            + " must be memory, sqlite:FILE or postgresql://user:password@host:port/database");
  }

  private static JobStore.Engine openFile(
      HeartbeatMonitor monitor, QueueDefaults defaults, Path file) throws InterruptedException {
    try {
      return SqliteEngine.start(file, Clock.system(), monitor, defaults, new SecureRandom());
    } catch (SqliteFileException failure) {
      // without its cause: Quarkus then says it in one line
      throw new ConfigurationException(SETTING + ": " + failure.getMessage());
    }
  }

  private static JobStore.Engine openDatabase(QueueDefaults defaults, String store) {
    PostgresSettings settings;
    try {
      settings = PostgresSettings.parse(store);
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException(SETTING + " " + wrong.getMessage());
    }
    try {
      return PostgresEngine.start(settings, Clock.system(), defaults, SecureRandom::new);
    } catch (PostgresException failure) {
      throw new ConfigurationException(SETTING + ": " + failure.getMessage());
    }
  }

  /** The file that a {@code sqlite:FILE} names. */
  static Path path(String store) {
    String name = store.substring(SQLITE.length());
    if (name.isBlank()) {
      throw new ConfigurationException(SETTING + " is " + store + ": it names no file");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException invalid) { // not its cause either
      throw new ConfigurationException(SETTING + " is " + store + ": no name of a file");
    }
  }
}
