package dev.sluice.mesh.store.postgres;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.RequestLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One log in PostgreSQL for all routers, and the processes that have the connections. Routers are
 * told apart by their names; two of one name at the same time would take each other's requests.
 */
public final class PostgresLogEngine implements RequestLog.Engine {
  private final PostgresSettings settings;
  private final LogSettings log;
  private final Scope scope;
  private final Supplier<? extends RandomGenerator> randoms;
  private final List<SendChannel<List<LogTask>>> lanes = new ArrayList<>();

  private PostgresLogEngine(
      PostgresSettings settings,
      LogSettings log,
      Scope scope,
      Supplier<? extends RandomGenerator> randoms) {
    this.settings = settings;
    this.log = log;
    this.scope = scope;
    this.randoms = randoms;
  }

  /**
   * Makes the tables if there are none, or brings them to the newest version.
   *
   * @param clock by which lanes wait; outcomes age, and routers are dead, by the server's
   * @param log {@link LogSettings#keepBytes} does not hold: the server's disk is not the router's
   * @param randoms makes one for each lane: it draws how long a lane waits before it tries again
   * @throws PostgresException the database cannot be used; the message is one line that says why
   */
  public static PostgresLogEngine start(
      PostgresSettings settings,
      Clock clock,
      LogSettings log,
      Supplier<? extends RandomGenerator> randoms) {
    LogSchema.migrate(settings);
    return new PostgresLogEngine(settings, log, Scope.open("postgresql", clock), randoms);
  }

  @Override
  public RequestLog open(String router, Runnable wake) {
    Lane lane = Lane.start(scope, router, settings, log, randoms.get(), wake);
    lanes.add(lane.tasks());
    return new PostgresLog(settings, router, lane, wake);
  }

  @Override
  public void close() {
    lanes.forEach(SendChannel::tryClose);
    try {
      scope.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      scope.close();
    }
  }
}
