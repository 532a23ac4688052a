package dev.sluice.mesh.store.postgres;

import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.LogSpeed;
import java.util.Arrays;

/**
 * A program that measures the engine on a PostgreSQL of its own, as {@link LogSpeed} does that on a
 * file.
 */
public final class PostgresSpeed {
  private PostgresSpeed() {}

  /**
   * Runs it.
   *
   * @param arguments how many requests, how many at once, and settings of the server
   */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    int atOnce = Integer.parseInt(arguments[1]);
    String[] options = Arrays.copyOfRange(arguments, 2, arguments.length);
    try (PostgresServer server = PostgresServer.start(options)) {
      String address = server.createDatabase();
      for (int round = 1; round <= 2; round++) {
        try (PostgresLogEngine engine = PostgresLogTest.start(address, LogSettings.DEFAULTS)) {
          LogSpeed.run(engine, count, atOnce);
        }
      }
    }
  }
}
