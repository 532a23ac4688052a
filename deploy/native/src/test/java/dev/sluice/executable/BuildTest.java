package dev.sluice.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {
  @Test
  void readsWhatTheBuilderHasWritten(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("stats.json"),
            """
            {"resource_usage":{"memory":{"system_total":25276026880,"peak_rss_bytes":6629097472},
            "total_secs":333.42},
            "general_info":{"garbage_collector":"Serial GC",
            "graal_compiler":{"march":"x86-64-v3","optimization_level":"2"}}}
            """);
    assertEquals(
        new Build(333.42, 6_629_097_472L, "Serial GC, -O2, -march=x86-64-v3"), Build.read(file));
  }
}
