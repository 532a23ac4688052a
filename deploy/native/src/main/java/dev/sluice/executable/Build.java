package dev.sluice.executable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How an executable was built, as the builder itself has written it down.
 *
 * @param seconds of {@code native-image}; Maven's part comes on top
 * @param peakBytes of memory that it took at most
 * @param options with which: collector, optimization and processor
 */
record Build(double seconds, long peakBytes, String options) {

  /** What is known of it; null when the builder's file is gone. */
  static @Nullable Build of(Subject subject, Path root) throws IOException {
    for (Path sources : subject.inTarget(root, "*-native-image-source-jar")) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(sources, "*-build-output-stats.json")) {
        for (Path file : files) {
          return read(file);
        }
      }
    }
    return null;
  }

  static Build read(Path file) throws IOException {
    JsonNode said = new ObjectMapper().readTree(file.toFile());
    JsonNode used = said.at("/resource_usage");
    JsonNode general = said.at("/general_info");
    return new Build(
        used.at("/total_secs").asDouble(),
        used.at("/memory/peak_rss_bytes").asLong(),
        general.at("/garbage_collector").asText()
            + ", -O"
            + general.at("/graal_compiler/optimization_level").asText()
            + ", -march="
            + general.at("/graal_compiler/march").asText());
  }
}
