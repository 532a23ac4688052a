package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo through the real services, end to end: every recorded webhook is accounted for. */
@Timeout(600)
class SuiteDemoTest {

  @TempDir Path folder;

  @Test
  void everyWebhookIsAccountedFor() throws Exception {
    try (var suite = LocalSuite.start(folder, LocalSuite.Service.values())) {
      var options =
          Options.defaults()
              .withLimiter(suite.uri(LocalSuite.Service.LIMITER))
              .withDedup(suite.uri(LocalSuite.Service.DEDUP))
              .withPool(suite.uri(LocalSuite.Service.POOL))
              .withMesh(suite.uri(LocalSuite.Service.MESH))
              .withPatience(Duration.ofMinutes(3));
      var printed = new StringBuilder();

      Outcome outcome = Demo.run(options, printed);

      assertEquals(List.of(), outcome.findings(), printed::toString);
      assertTrue(outcome.isGood(), printed::toString);
    }
  }
}
