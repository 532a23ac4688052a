package dev.sluice.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestFingerprintTest {
  @Test
  void everyPartCounts() {
    Set<String> all =
        Stream.of(
                of("POST", "/a", ""),
                of("PUT", "/a", ""),
                of("POST", "/b", ""),
                of("POST", "/a?", ""),
                of("POST", "/a?b", ""),
                of("POST", "/a", "b"),
                of("POST", "/ab", ""),
                of("POST", "/a?b", "b"))
            .collect(Collectors.toSet());
    assertEquals(7, all.size()); // an empty query is none
    assertEquals(of("POST", "/a", "b"), of("POST", "/a", "b"));
    assertEquals(64, of("POST", "/a", "b").length());
  }

  private static String of(String method, String uri, String body) {
    return RequestFingerprint.of(
        method, URI.create("http://localhost" + uri), body.getBytes(StandardCharsets.UTF_8));
  }
}
