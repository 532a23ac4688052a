package dev.sluice.store;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final Fingerprint.Secret SECRET =
      new Fingerprint.Secret(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void whatDiffersHasAnotherFingerprint() {
    Set<Fingerprint> seen = new HashSet<>();
    for (String space : new String[] {null, "", "a", "ab", "abcd", "abcde"}) {
      for (String key :
          new String[] {"a", "b", "ab", "bc", "abcd", "abcde", "e", "\u0000a", "a\u0000"}) {
        assertTrue(seen.add(Fingerprint.of(SECRET, space, key)), space + " " + key);
      }
    }
    assertNotEquals(
        Fingerprint.of(SECRET, null, "a"), Fingerprint.of(new Fingerprint.Secret(1, 2), null, "a"));
  }
}
