package dev.sluice.pool.store.postgres;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A database of its own, on a real PostgreSQL. */
public final class OnPostgres implements QuarkusTestResourceLifecycleManager {
  @Override
  public Map<String, String> start() {
    return Map.of("sluice.store", PostgresServer.shared().createDatabase());
  }

  @Override
  public void stop() {
    // the server ends with the tests
  }
}
