package dev.sluice.dedup.api.claims;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A claimer that is a process of its own, and dies of SIGKILL. */
@QuarkusTest
@TestProfile(ClaimsProfile.class)
@Timeout(120)
class KilledClaimerTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final String key = "pay-" + UUID.randomUUID();

  @Test
  void itsKeyIsFreeAtTheEndOfItsLease() throws Exception {
    Process claimer = start();
    try (BufferedReader says = claimer.inputReader(StandardCharsets.UTF_8)) {
      String id = line(says);
      String token = line(says);
      Instant end = Instant.parse(line(says));
      for (int renewals = 0; renewals < 3; renewals++) {
        end = Instant.parse(line(says));
      }
      claimer.destroyForcibly().onExit().join();
      assertEquals(128 + 9, claimer.exitValue());

      Response next = post("/claims", "{'key':'" + key + "','lease':'30s','wait':'1h'}");

      next.then().statusCode(201);
      Instant nextEnd = Instant.parse(next.path("leaseExpiresAt"));
      Instant granted = nextEnd.minus(LEASE);
      assertFalse(granted.isBefore(end), granted + " is before the killed one's " + end);
      post("/claims/" + id + "/renew", "{'token':'" + token + "'}").then().statusCode(409);
    }
  }

  /** Claims the key for ten seconds, and renews the claim whenever it can. */
  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            Path.of("target", "test-classes").toString(),
            Claimer.class.getName(),
            "http://localhost:" + RestAssured.port + "/claims",
            key)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(BufferedReader says) throws IOException {
    String line = says.readLine();
    assertNotNull(line, "the claimer has ended");
    return line;
  }

  private static Response post(String path, String body) {
    return given().contentType("application/json").body(body.replace('\'', '"')).post(path);
  }
}
