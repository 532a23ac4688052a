package dev.sluice.limiter.api.envoy;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** With rules, and nothing else set. */
public class EnvoyProfile implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("sluice.limiter.envoy.config", "src/test/envoy");
  }
}
