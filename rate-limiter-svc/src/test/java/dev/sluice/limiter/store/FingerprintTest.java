package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final Fingerprint.Secret SECRET =
      new Fingerprint.Secret(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void whatDiffersHasAnotherFingerprint() {
    Set<Fingerprint> seen = new HashSet<>();
    for (String policy : new String[] {null, "", "a", "ab", "abcd", "abcde"}) {
      for (String key :
          new String[] {"a", "b", "ab", "bc", "abcd", "abcde", "e", "\u0000a", "a\u0000"}) {
        assertTrue(seen.add(Fingerprint.of(SECRET, policy, key)), policy + " " + key);
      }
    }
    assertNotEquals(
        Fingerprint.of(SECRET, null, "a"), Fingerprint.of(new Fingerprint.Secret(1, 2), null, "a"));
  }

  @Test
  void anotherLimitIsAnotherFingerprintOfTheSameShard() {
    var print = Fingerprint.of(SECRET, null, "k");
    Set<Fingerprint> seen = new HashSet<>();
    var second = Duration.ofSeconds(1);
    for (Limit limit :
        new Limit[] {
          new Limit.TokenBucket(1, second, 1),
          new Limit.TokenBucket(1, second, 2),
          new Limit.TokenBucket(2, second, 1),
          new Limit.TokenBucket(1, second.plusNanos(1), 1),
          new Limit.SlidingWindow(1, second),
          new Limit.FixedWindow(1, CalendarUnit.SECOND),
          new Limit.FixedWindow(1, CalendarUnit.MINUTE)
        }) {
      assertTrue(seen.add(print.under(limit)), limit.toString());
      assertEquals(print.hashCode(), print.under(limit).hashCode());
    }
  }
}
