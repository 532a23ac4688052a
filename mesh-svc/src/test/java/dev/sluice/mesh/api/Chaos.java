package dev.sluice.mesh.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Workers may be hurt, often; so they beat fast. */
public final class Chaos implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "sluice.mesh.chaos", "true",
        "sluice.mesh.heartbeat", "500ms",
        "sluice.mesh.restarts.failures", "1000",
        "sluice.mesh.events.heartbeat", "500ms");
  }
}
