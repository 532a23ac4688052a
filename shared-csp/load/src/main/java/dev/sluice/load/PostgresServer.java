package dev.sluice.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL with its settings as they come, in a directory of its own, on this machine. */
public final class PostgresServer implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Path programs;
  private final Path data;
  private final int port;

  private PostgresServer(Path programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
  }

  /** Where its programs are: where Debian puts them, the newest; empty: they are not there. */
  public static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  /** Makes a database and starts its server, as another user where this one is root. */
  public static PostgresServer start() throws IOException, InterruptedException {
    Path programs =
        programs().orElseThrow(() -> new IOException("there is no PostgreSQL in " + DEBIAN));
    Path home = Files.createTempDirectory("sluice-postgres");
    if (isRoot()) {
      Command.run("chown", USER, home.toString());
    }
    var server = new PostgresServer(programs, home.resolve("data"), Service.freePort());
    server.run("initdb", "-D", server.data.toString(), "-U", USER, "-A", "trust", "-N");
    server.run(
        "pg_ctl",
        "-D",
        server.data.toString(),
        "-l",
        home.resolve("log").toString(),
        "-w",
        "-o",
        "-p " + server.port + " -k " + home + " -h 127.0.0.1",
        "start");
    return server;
  }

  /** As {@code sluice.store} takes it. */
  public String url() {
    return "postgresql://" + USER + "@127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() throws IOException {
    try {
      run("pg_ctl", "-D", data.toString(), "-m", "immediate", "stop");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD) // a server that stays keeps it open
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " has failed");
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }
}
