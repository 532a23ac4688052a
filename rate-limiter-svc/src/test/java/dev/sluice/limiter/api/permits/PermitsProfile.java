package dev.sluice.limiter.api.permits;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A policy, waits of hours, and a short line. */
public final class PermitsProfile implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "sluice.limiter.permits.max-wait", "10h",
        "sluice.limiter.permits.max-waiters", "2",
        "sluice.limiter.permits.policies.db.permits", "2",
        "sluice.limiter.permits.policies.db.max-ttl", "10s",
        "sluice.limiter.permits.policies.db.keys", "db:*",
        "quarkus.grpc.clients.permits.host", "localhost",
        "quarkus.grpc.clients.permits.port", "${quarkus.grpc.server.test-port}");
  }
}
