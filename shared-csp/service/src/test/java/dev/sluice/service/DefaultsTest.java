package dev.sluice.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What the library says in META-INF/microprofile-config.properties reaches the services. */
@QuarkusTest
class DefaultsTest {
  @Inject Limits limits;

  @Inject
  @ConfigProperty(name = "quarkus.http.limits.max-body-size")
  String wall;

  @Inject
  @ConfigProperty(name = "quarkus.grpc.server.enable-reflection-service")
  boolean reflection;

  @Test
  void limitsHaveTheirDocumentedDefaults() {
    assertEquals(256, limits.keyBytes());
    assertEquals(1000, limits.batch());
    assertEquals(1024 * 1024, limits.body().asLongValue());
  }

  @Test
  void quarkusReadsTheSharedDefaults() {
    assertEquals("64M", wall);
    assertTrue(reflection);
  }
}
