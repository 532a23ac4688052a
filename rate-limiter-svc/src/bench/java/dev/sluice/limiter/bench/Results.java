package dev.sluice.limiter.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run has found.
 *
 * @param effort how much was measured
 * @param duels round by round
 * @param crowd whether a bucket grants what it holds and no more
 * @param keys what many keys take
 */
record Results(Effort effort, List<Duel> duels, Crowd crowd, ManyKeys keys) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
