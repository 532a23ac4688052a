package dev.sluice.dedup.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.sluice.service.testing.GrpcClients;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

@QuarkusIntegrationTest
@WithTestResource(GrpcClients.class)
@WithTestResource(DedupRedisTest.Server.class)
class DedupHttpOnRedisNativeIT extends DedupHttpTest {
  @Override
  @Test
  void whatItKeepsItselfIsCounted() {
    given().get("/q/metrics").then().body(not(containsString("sluice_dedup_entries ")));
  }
}
