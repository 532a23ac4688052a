package dev.sluice.service.life;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Ready and started mean: the service takes new work. Not before its processes have started, not
 * while it stops.
 */
@Readiness
@Startup
@Singleton
public class ServingCheck implements HealthCheck {
  static final String NAME = "serving";

  private final ServiceLife life;

  @Inject
  ServingCheck(ServiceLife life) {
    this.life = life;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named(NAME).status(life.isServing()).build();
  }
}
