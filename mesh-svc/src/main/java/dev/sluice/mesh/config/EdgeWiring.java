package dev.sluice.mesh.config;

import dev.sluice.mesh.api.EdgeSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the edge needs. */
@Singleton
public class EdgeWiring {

  /** What was set of it. */
  @Produces
  @Singleton
  EdgeSettings edgeSettings(
      EdgeConfig edge,
      @ConfigProperty(name = "sluice.mesh.role", defaultValue = "all") String role) {
    return new EdgeSettings(
        role.toLowerCase(Locale.ROOT),
        edge.usualWait(),
        edge.maxWait(),
        edge.chaos(),
        edge.pipelines().max(),
        edge.pipelines().inFlight(),
        edge.events().heartbeat());
  }
}
