package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Clock;
import dev.sluice.pool.store.StoreSpeed;
import dev.sluice.pool.store.TestJobs;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A program that measures the engine on a PostgreSQL of its own, as {@link StoreSpeed} does that on
 * a file.
 */
public final class PostgresSpeed {
  private PostgresSpeed() {}

  /**
   * Runs it.
   *
   * @param arguments how many jobs are to be queued, how many works outstanding, and settings of
   *     the server
   */
  public static void main(String[] arguments) throws Exception {
    long queued = Long.parseLong(arguments[0]);
    int outstanding = Integer.parseInt(arguments[1]);
    String[] options = Arrays.copyOfRange(arguments, 2, arguments.length);
    try (PostgresServer server = PostgresServer.start(options);
        PostgresEngine engine =
            PostgresEngine.start(
                PostgresSettings.parse(server.createDatabase()),
                Clock.system(),
                TestJobs.DEFAULTS,
                SplittableRandom::new)) {
      StoreSpeed.run(engine, queued, outstanding);
    }
  }
}
