package dev.sluice.dedup.api.stream;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who sends and never takes an answer does not keep its place for ever. */
@QuarkusTest
@TestProfile(IdleReaderTest.Impatient.class)
@Timeout(120)
class IdleReaderTest {

  /** Soon idle. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.dedup.stream.idle", "1s");
    }
  }

  @Test
  void aReaderThatTakesNothingIsDisconnected() throws IOException {
    try (var call = new StreamCall("ttl=1s")) {
      assertThrows(IOException.class, () -> sendForEver(call));
    }
  }

  /** Until the connection is gone: before, it is held up, as nobody takes the answers. */
  private static void sendForEver(StreamCall call) throws IOException {
    for (int from = 0; ; from += 1_000) {
      call.send(
          IntStream.range(from, from + 1_000)
              .mapToObj(i -> "{\"id\":" + i + ",\"text\":\"" + "x".repeat(100) + "\"}\n")
              .collect(Collectors.joining()));
    }
  }
}
