package dev.sluice.mesh.config;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.RequestLog;
import dev.sluice.mesh.store.postgres.PostgresException;
import dev.sluice.mesh.store.postgres.PostgresLogEngine;
import dev.sluice.mesh.store.postgres.PostgresSettings;
import dev.sluice.mesh.store.sqlite.SqliteLogEngine;
import dev.sluice.store.sqlite.SqliteFileException;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jboss.logging.Logger;

/** Chooses the engine that {@code sluice.mesh.log} names. */
final class LogWiring {
  private static final Logger LOG = Logger.getLogger(LogWiring.class);
  private static final String SETTING = "sluice.mesh.log";
  private static final String MEMORY = "memory";
  private static final String SQLITE = "sqlite:";
  private static final String POSTGRES = "postgresql:";

  private LogWiring() {}

  /**
   * Opens it.
   *
   * @param router whose log it is
   * @throws ConfigurationException it cannot be, with one line that says why
   */
  static RequestLog.Engine open(HeartbeatMonitor monitor, MeshConfig config, String router)
      throws InterruptedException {
    String log = config.log().replace("{router}", router);
    var settings =
        new LogSettings(config.keep(), config.keepMax(), config.keepBytes().asLongValue());
    if (log.equals(MEMORY)) {
      LOG.warn("requests are kept in memory: what is accepted is lost when this process ends");
      return SqliteLogEngine.inMemory(Clock.system(), monitor, settings);
    }
    if (log.startsWith(SQLITE)) {
      return openFile(monitor, settings, path(log));
    }
    if (log.startsWith(POSTGRES)) {
      return openDatabase(settings, log);
    }
    throw new ConfigurationException(
        SETTING // without what it is, as there may be a password in it
            + " must be memory, sqlite:FILE or postgresql://user:password@host:port/database");
  }

  private static RequestLog.Engine openFile(
      HeartbeatMonitor monitor, LogSettings settings, Path file) throws InterruptedException {
    try {
      return SqliteLogEngine.start(file, Clock.system(), monitor, settings);
    } catch (SqliteFileException failure) {
      // without its cause: Quarkus then says it in one line
      throw new ConfigurationException(SETTING + ": " + failure.getMessage());
    }
  }

  private static RequestLog.Engine openDatabase(LogSettings settings, String log) {
    try {
      return PostgresLogEngine.start(
          PostgresSettings.parse(log), Clock.system(), settings, SecureRandom::new);
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException(SETTING + " " + wrong.getMessage());
    } catch (PostgresException failure) {
      throw new ConfigurationException(SETTING + ": " + failure.getMessage());
    }
  }

  private static Path path(String log) {
    String name = log.substring(SQLITE.length());
    if (name.isBlank()) {
      throw new ConfigurationException(SETTING + " is " + log + ": it names no file");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException invalid) { // not its cause either
      throw new ConfigurationException(SETTING + " is " + log + ": no name of a file");
    }
  }
}
