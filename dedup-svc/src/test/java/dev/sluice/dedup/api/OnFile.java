package dev.sluice.dedup.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** A file of its own. */
public final class OnFile implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      return Map.of(
          "sluice.store", "sqlite:" + Files.createTempDirectory("dedup").resolve("dedup.db"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
