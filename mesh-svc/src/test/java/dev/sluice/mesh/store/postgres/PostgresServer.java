package dev.sluice.mesh.store.postgres;

import dev.sluice.store.testing.Patience;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A real PostgreSQL as a process of its own: of the folder that {@code -Dpostgres.bin} names, such
 * as {@code /usr/lib/postgresql/17/bin}, or else the one that the library for tests carries. It can
 * be killed and started again on the same port and data. As it does not run as root, it runs as
 * {@code nobody} when the tests do.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String CARRIED = "/postgres-linux-x86_64.txz";
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");

  private static PostgresServer shared;

  private final Path bin;
  private final Path folder;
  private final int port;
  private final List<String> options;
  private Process process;
  private int databases;
  private int launches;

  private PostgresServer(Path bin, Path folder, int port, List<String> options) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
    this.options = options;
    this.process = launch();
  }

  /** The one for all tests of this JVM that do not kill theirs; it ends with the JVM. */
  public static PostgresServer shared() {
    if (shared == null) {
      PostgresServer started = start("fsync=off");
      Runtime.getRuntime().addShutdownHook(new Thread(started::close));
      shared = started;
    }
    return shared;
  }

  /**
   * Starts a server without any data.
   *
   * @param options as in {@code postgresql.conf}: {@code name=value}
   */
  public static PostgresServer start(String... options) {
    try {
      Path bin = bin();
      Path folder = Files.createTempDirectory("postgres-");
      if (ROOT) {
        Files.setOwner(
            folder,
            folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
      }
      Path log = folder.resolve("initdb.log");
      int made =
          run(
                  folder,
                  log,
                  bin.resolve("initdb").toString(),
                  "--pgdata=data",
                  "--auth=trust",
                  "--username=postgres",
                  "--encoding=UTF8",
                  "--no-locale",
                  "--no-sync")
              .onExit()
              .join()
              .exitValue();
      if (made != 0) {
        throw new IllegalStateException("initdb: " + Files.readString(log));
      }
      return new PostgresServer(bin, folder, freePort(), List.of(options));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /**
   * Makes an empty database.
   *
   * @return its address, as the service's configuration has it
   */
  public String createDatabase() {
    String name = "test_" + ++databases;
    execute(address("postgres"), "CREATE DATABASE " + name);
    return address(name);
  }

  private String address(String database) {
    return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
  }

  /** Connects to a database, as its owner. */
  public static Connection connect(String address) throws SQLException {
    return connect(address, "postgres");
  }

  /** Connects to a database as somebody. */
  public static Connection connect(String address, String user) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + address.substring(address.indexOf('@') + 1) + "?user=" + user);
  }

  /** Does something in a database. */
  public static void execute(String address, String sql) {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  /** Kills it and all its processes as {@code kill -9} does. */
  public void kill() {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    Patience.until("their end", () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Kills it if it runs, and starts it again with the data it has. */
  public void restart() {
    kill();
    process = launch();
  }

  @Override
  public void close() {
    kill();
    Patience.until("an end of " + folder, () -> delete(folder)); // its last processes still write
  }

  /** Returns when it says that it is ready. */
  private Process launch() {
    var command = new ArrayList<String>();
    command.addAll(List.of(bin.resolve("postgres").toString(), "-D", "data"));
    var all = new ArrayList<String>();
    all.addAll(List.of("port=" + port, "listen_addresses=127.0.0.1", "unix_socket_directories="));
    all.addAll(options);
    all.forEach(option -> command.addAll(List.of("-c", option)));
    try {
      Path log = folder.resolve("log-" + ++launches);
      Process started = run(folder, log, command.toArray(String[]::new));
      Patience.until(
          "a server that is ready",
          () -> {
            if (!started.isAlive()) {
              throw new IllegalStateException("it has ended: " + read(log));
            }
            return read(log).contains("is ready to accept connections");
          });
      return started;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Process run(Path folder, Path log, String... command) throws IOException {
    var all = new ArrayList<String>(ROOT ? AS_NOBODY : List.of());
    all.addAll(List.of(command));
    return new ProcessBuilder(all)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Path bin() throws IOException {
    String named = System.getProperty("postgres.bin");
    return named == null ? carried().resolve("bin") : Path.of(named);
  }

  /** What the library carries, unpacked once on this machine. */
  private static Path carried() throws IOException {
    try (InputStream packed = PostgresServer.class.getResourceAsStream(CARRIED)) {
      if (packed == null) {
        throw new IllegalStateException(
            "no PostgreSQL for this machine: name the folder of one, -Dpostgres.bin=...");
      }
      byte[] bytes = packed.readAllBytes();
      Path folder =
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "sluice-postgres-" + Integer.toHexString(Arrays.hashCode(bytes)));
      if (!Files.exists(folder)) {
        Path fresh = Files.createTempDirectory(folder.getParent(), "sluice-postgres-new-");
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        unpack(new ByteArrayInputStream(bytes), fresh);
        moveUnlessThere(fresh, folder);
      }
      return folder;
    }
  }

  private static void unpack(InputStream packed, Path into) throws IOException {
    try (var tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = into.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(path.getParent());
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(tar, path);
          path.toFile().setExecutable((entry.getMode() & 0100) != 0, false);
        }
      }
    }
  }

  private static void moveUnlessThere(Path fresh, Path folder) throws IOException {
    try {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException failure) {
      if (!Files.exists(folder)) { // or another JVM was faster
        throw failure;
      }
      delete(fresh);
    }
  }

  /** {@return whether nothing is left} */
  private static boolean delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException changing) {
      return false;
    }
    return !Files.exists(folder);
  }
}
