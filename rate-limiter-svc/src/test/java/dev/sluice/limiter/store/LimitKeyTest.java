package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitKeyTest {

  @Test
  void anotherLimitIsAnotherFingerprintOfTheSameShard() {
    var print = new Fingerprint(1, 2);
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
      assertTrue(seen.add(LimitKey.of(null, "k", limit, print).fingerprint()), limit.toString());
      assertEquals(print.hashCode(), LimitKey.of(null, "k", limit, print).fingerprint().hashCode());
    }
  }
}
