package dev.sluice.service.life;

import dev.sluice.csp.HeartbeatMonitor.Pulse;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Live means: every process of the service has given its sign of life. Who has missed two beats is
 * named.
 */
@Liveness
@Singleton
public class HeartbeatCheck implements AsyncHealthCheck {
  private static final String NAME = "heartbeats";

  private final ServiceLife life;
  private final LifeConfig config;

  @Inject
  HeartbeatCheck(ServiceLife life, LifeConfig config) {
    this.life = life;
    this.config = config;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom()
        .completionStage(() -> life.monitor().pulses().stage())
        .map(HeartbeatCheck::response)
        .ifNoItem()
        .after(config.heartbeat())
        .recoverWithItem(() -> down("the heartbeat monitor does not answer"))
        .onFailure()
        .recoverWithItem(failure -> down(failure.toString()));
  }

  private static HealthCheckResponse response(List<Pulse> pulses) {
    var response = HealthCheckResponse.named(NAME).up();
    for (Pulse pulse : pulses) {
      response.withData(
          pulse.name(), (pulse.stuck() ? "STUCK, last beat " : "last beat ") + age(pulse));
      if (pulse.stuck()) {
        response.down();
      }
    }
    return response.build();
  }

  private static String age(Pulse pulse) {
    return pulse.sinceLastBeat().toMillis() + "ms ago";
  }

  private static HealthCheckResponse down(String reason) {
    return HealthCheckResponse.named(NAME).down().withData("reason", reason).build();
  }
}
