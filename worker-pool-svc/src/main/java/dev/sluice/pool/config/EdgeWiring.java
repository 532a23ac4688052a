package dev.sluice.pool.config;

import dev.sluice.pool.api.EdgeSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the edge needs. */
@Singleton
public class EdgeWiring {

  /** What was set of it. */
  @Produces
  @Singleton
  EdgeSettings edgeSettings(PoolConfig pool, EdgeConfig edge) {
    return new EdgeSettings(
        pool.maxWait(), pool.maxBackoff(), edge.maxWorkStreams(), edge.heartbeat());
  }
}
