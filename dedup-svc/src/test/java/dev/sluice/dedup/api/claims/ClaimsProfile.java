package dev.sluice.dedup.api.claims;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Long waits, so that no test depends on how fast the machine is; and a short line. */
public class ClaimsProfile implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "sluice.dedup.claims.max-wait", "10h",
        "sluice.dedup.claims.max-waiters", "2",
        "sluice.dedup.claims.max-response", "1K");
  }
}
