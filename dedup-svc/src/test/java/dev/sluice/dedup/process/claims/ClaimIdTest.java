package dev.sluice.dedup.process.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimIdTest {
  @Test
  void isReadAsItWasWritten() {
    for (String key : new String[] {"k", "a/b?c=d", "ünïcode 🦀", "x".repeat(1024)}) {
      var id = new ClaimId("payments", key);
      assertTrue(id.text().matches("[A-Za-z0-9_-]+"), id.text());
      assertEquals(Optional.of(id), ClaimId.parse(id.text()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "%",
        "bnM", // no zero
        "AGs", // no namespace
        "bnMA", // no key
        "bnMAaw==", // padded
        "bnMAax", // bits left over
        "bnMA_w", // not UTF-8
        "🦀"
      })
  void whatNobodyHasWrittenIsNone(String text) {
    assertEquals(Optional.empty(), ClaimId.parse(text));
  }
}
