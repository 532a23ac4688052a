package dev.sluice.dedup.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service that is full and told to evict; its keys are kept verbatim. */
@QuarkusTest
@TestProfile(EvictionTest.Evicting.class)
class EvictionTest {

  /** With room for three keys. */
  public static final class Evicting implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.dedup.shards",
          "1",
          "sluice.dedup.max-entries",
          "3",
          "sluice.dedup.when-full",
          "evict",
          "sluice.dedup.keys",
          "verbatim");
    }
  }

  @Test
  void theSoonestToEndIsForgottenAndCounted() {
    see("a", "3h", 1);
    see("b", "1h", 1);
    see("c", "2h", 1);
    see("d", "4h", 1);

    given()
        .contentType("application/json")
        .body("{\"key\":\"b\"}")
        .post("/dedup/peek")
        .then()
        .statusCode(404);
    see("a", "1h", 2);
    see("c", "1h", 2);
    see("d", "1h", 2);
    see("b", "5h", 1);
    given()
        .get("/q/metrics")
        .then()
        .body(containsString("sluice_dedup_evicted_total 2.0"))
        .body(containsString("sluice_dedup_entries 3.0"));
  }

  private static void see(String key, String ttl, int seen) {
    given()
        .contentType("application/json")
        .body("{\"key\":\"%s\",\"ttl\":\"%s\"}".formatted(key, ttl))
        .post("/dedup")
        .then()
        .statusCode(200)
        .body("seen", equalTo(seen));
  }
}
