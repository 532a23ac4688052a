package dev.sluice.pool.config;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.process.WorkerPool;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service on a file. */
@QuarkusTest
@TestProfile(FileServiceTest.OnFile.class)
@Timeout(60)
public class FileServiceTest {
  @Inject WorkerPool pool;

  @ConfigProperty(name = "sluice.store")
  String store;

  @Test
  void isReadyAndKeepsItsJobsInTheFile() throws InterruptedException {
    given().get("/q/health/ready").then().statusCode(200);
    given().get("/q/health/live").then().statusCode(200);
    NewJob job = NewJob.of("q", Payload.json("1"), null);
    assertInstanceOf(Submitted.Accepted.class, pool.submit(job, Duration.ZERO).await());
    assertTrue(Files.exists(StoreWiring.path(store)));
  }

  /** A file of its own. */
  public static class OnFile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path directory = Files.createTempDirectory("pool");
        return Map.of("sluice.store", "sqlite:" + directory.resolve("jobs.db"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
