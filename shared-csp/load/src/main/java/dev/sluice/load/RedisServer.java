package dev.sluice.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A redis-server that keeps nothing on disk. */
public final class RedisServer implements AutoCloseable {
  private static final int LOOKS = 100;

  private final Process process;
  private final int port;

  private RedisServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @param scripts what it is told, to be called by their digest
   */
  public static RedisServer start(Path scratch, List<String> scripts)
      throws IOException, InterruptedException {
    int port = Service.freePort();
    Process process =
        new ProcessBuilder("redis-server", "--port", "" + port, "--save", "", "--appendonly", "no")
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("redis.log").toFile())
            .start();
    var server = new RedisServer(process, port);
    try {
      server.awaitReady();
      for (String script : scripts) {
        server.cli("SCRIPT", "LOAD", script);
      }
    } catch (Throwable notReady) {
      server.close();
      throw notReady;
    }
    return server;
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (int look = 0; look < LOOKS && process.isAlive(); look++) {
      try {
        cli("PING");
        return;
      } catch (IOException notYet) {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    throw new IOException("redis-server does not answer on port " + port);
  }

  private void cli(String... words) throws IOException, InterruptedException {
    String[] command = new String[words.length + 3];
    command[0] = "redis-cli";
    command[1] = "-p";
    command[2] = "" + port;
    System.arraycopy(words, 0, command, 3, words.length);
    Command.run(command);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
