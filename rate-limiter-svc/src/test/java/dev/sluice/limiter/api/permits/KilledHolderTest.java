package dev.sluice.limiter.api.permits;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
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
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A holder that is a process of its own, and dies of SIGKILL. */
@QuarkusTest
@TestProfile(PermitsProfile.class)
@Timeout(120)
class KilledHolderTest {
  private final String key = "db:" + UUID.randomUUID();

  @Test
  void itsLeaseRunsOutAndGoesToWhoWaits() throws Exception {
    Process holder = start();
    Instant end;
    try (BufferedReader says = holder.inputReader(StandardCharsets.UTF_8)) {
      String lease = line(says);
      end = Instant.parse(line(says));
      for (int renewals = 0; renewals < 3; renewals++) {
        end = Instant.parse(line(says));
      }
      assertEquals("the holder", when().get("/permits?key=" + key).path("holders[0].holder"));
      holder.destroyForcibly().onExit().join();
      assertEquals(128 + 9, holder.exitValue());

      Response next = post();

      next.then().statusCode(201);
      when().put("/permits/" + lease).then().statusCode(404);
    }
    Instant since = Instant.parse(when().get("/permits?key=" + key).path("holders[0].since"));
    assertFalse(since.isBefore(end), since + " is before the killed one's " + end);
  }

  /** Takes the only lease for two seconds, and renews it whenever it can. */
  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            Path.of("target", "test-classes").toString(),
            Holder.class.getName(),
            "http://localhost:" + RestAssured.port + "/permits",
            key)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(BufferedReader says) throws IOException {
    String line = says.readLine();
    assertNotNull(line, "the holder has ended");
    return line;
  }

  private Response post() {
    return given()
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\",\"limit\":1,\"wait\":\"1h\"}")
        .post("/permits");
  }
}
