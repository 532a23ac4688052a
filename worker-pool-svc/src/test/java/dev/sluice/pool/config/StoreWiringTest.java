package dev.sluice.pool.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.TestJobs;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code sluice.store} may be; what it may not be stops the start with one line. */
@Timeout(60)
class StoreWiringTest {
  private static final String ADDRESS =
      "must be postgresql://user[:password]@host[:port][,host[:port]]/database[?sslmode=...]";

  @TempDir Path directory;

  private Scope scope;
  private HeartbeatMonitor monitor;

  @BeforeEach
  void open() {
    scope = Scope.open("stores");
    monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "Memory",
        "sqlite",
        "redis://user:secret@host",
        "postgres://user:secret@host/db",
        "jdbc:postgresql://user:secret@host/db"
      })
  void whatIsNoStoreIsNotShownForItMayHaveAPassword(String store) {
    assertEquals(
        "sluice.store must be memory, sqlite:FILE or"
            + " postgresql://user:password@host:port/database",
        refused(store));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql:x|is postgresql:x, " + ADDRESS,
        "postgresql://host/db|is postgresql://host/db, " + ADDRESS,
        "postgresql://u:secret@/db|is postgresql://u:***@/db, " + ADDRESS,
        "postgresql://u:secret@host|is postgresql://u:***@host, " + ADDRESS,
        "postgresql://u:secret@h:0/db|is postgresql://u:***@h:0/db: port is 0, must be 1 to 65535",
        "postgresql://u:secret@h/db?lanes=0|is postgresql://u:***@h/db?lanes=0: lanes is 0, must be 1 to 64",
        "postgresql://u:secret@h/db?sslmode=no|is postgresql://u:***@h/db?sslmode=no: sslmode is no,"
            + " must be one of disable, allow, prefer, require, verify-ca, verify-full",
      })
  void anAddressThatIsNoneIsShownWithoutItsPassword(String store, String said) {
    assertEquals("sluice.store " + said, refused(store));
  }

  @Test
  void aDatabaseThatIsNotThereIsNamedWithoutThePassword() throws IOException {
    String said;
    try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = nobody.getLocalPort();
      nobody.close();
      said = refused("postgresql://u:secret@127.0.0.1:" + port + "/db");
      assertTrue(said.startsWith("sluice.store: postgresql://127.0.0.1:" + port + "/db"), said);
    }
    assertFalse(said.contains("secret"), said);
  }

  @Test
  void aFileThatCannotBeIsNamed() throws IOException {
    assertEquals("sluice.store is sqlite: : it names no file", refused("sqlite: "));
    assertEquals("sluice.store is sqlite:a\0b: no name of a file", refused("sqlite:a\0b"));
    Path nowhere = directory.resolve("nowhere/jobs.db");
    assertEquals(
        "sluice.store: " + nowhere + " cannot be opened: there is no directory for it",
        refused("sqlite:" + nowhere));
    Path text = Files.writeString(directory.resolve("text"), "no database, ".repeat(1_000));
    assertTrue(refused("sqlite:" + text).startsWith("sluice.store: " + text));
    assertTrue(refused("sqlite:" + directory).startsWith("sluice.store: " + directory));
  }

  @Test
  void aFileThatAnotherHasOpenIsNamed() throws InterruptedException {
    String store = "sqlite:" + directory.resolve("jobs.db");
    JobStore.Engine first = StoreWiring.open(monitor, TestJobs.DEFAULTS, store);
    assertTrue(refused(store).startsWith("sluice.store: " + directory.resolve("jobs.db")));
    first.close();
    StoreWiring.open(monitor, TestJobs.DEFAULTS, store).close();
  }

  private String refused(String store) {
    var wrong =
        assertThrows(
            ConfigurationException.class,
            () -> StoreWiring.open(monitor, TestJobs.DEFAULTS, store));
    assertEquals(1, wrong.getMessage().lines().count(), wrong.getMessage());
    assertNull(wrong.getCause(), "else there is a stack trace");
    return wrong.getMessage();
  }
}
