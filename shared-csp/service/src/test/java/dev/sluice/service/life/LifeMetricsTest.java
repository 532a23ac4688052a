package dev.sluice.service.life;

import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Heartbeat;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LifeMetricsTest {
  @Inject ServiceLife life;

  @Test
  void tellsWhetherTheServiceIsReadyAndHowManyProcessesAreStuck() throws Exception {
    expect("sluice_life_ready 1.0", "sluice_life_stuck 0.0");

    Heartbeat neverBeats = life.monitor().watch("never-beats");
    try {
      assertEquals("never-beats", life.monitor().stuck().receive().name());
      expect("sluice_life_ready 1.0", "sluice_life_stuck 1.0");
    } finally {
      life.monitor().forget(neverBeats);
    }
    expect("sluice_life_stuck 0.0");
  }

  @Test
  void countsRequestsByHowLongTheyTook() {
    when().get("/samples/unknown");
    expect("http_server_requests_seconds_bucket{", "le=\"0.1\"");
  }

  private static void expect(String... lines) {
    var metrics = when().get("/q/metrics").then().statusCode(200);
    for (String line : lines) {
      metrics.body(containsString(line));
    }
  }
}
