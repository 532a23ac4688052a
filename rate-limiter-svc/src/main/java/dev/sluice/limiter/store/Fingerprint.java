package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.RateLimit;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a key in 128 bits, so that a table of millions of them keeps no text: SipHash-2-4 with
 * its 128-bit output, under a secret. Two keys with the same fingerprint would share a budget;
 * among ten million keys the chance that there is such a pair is below 10^-24, and without the
 * secret nobody can search for one.
 *
 * @param high the first half
 * @param low the second half, independent of the first
 * @see <a href="https://www.aumasson.jp/siphash/siphash.pdf">Aumasson, Bernstein: SipHash, a fast
 *     short-input PRF</a>
 */
public record Fingerprint(long high, long low) {

  /**
   * What a service's fingerprints depend on, so that they cannot be foreseen.
   *
   * @param first any number
   * @param second any number
   */
  public record Secret(long first, long second) {
    /** Draws one. */
    public static Secret random() {
      var random = new SecureRandom();
      return new Secret(random.nextLong(), random.nextLong());
    }
  }

  /**
   * The fingerprint of a policy's key.
   *
   * @param policy the policy's name; null for a limit without a name
   */
  public static Fingerprint of(Secret secret, @Nullable String policy, String key) {
    var hash = new SipHash(secret);
    if (policy != null) {
      hash.add(policy);
    }
    hash.add(key);
    return hash.finish();
  }

  /**
   * The fingerprint of the same key under terms of its own: the low half stays, and so does the
   * shard, which goes by {@link #hashCode}.
   */
  Fingerprint under(Limit limit) {
    return switch (limit) {
      case Limit.TokenBucket(RateLimit(long rate, var per, long burst)) ->
          mixed(1, rate, per.toNanos(), burst);
      case Limit.SlidingWindow(long permits, var per) -> mixed(2, permits, per.toNanos(), 0);
      case Limit.FixedWindow(long permits, CalendarUnit unit) ->
          mixed(3, permits, unit.ordinal(), 0);
    };
  }

  private Fingerprint mixed(long kind, long a, long b, long c) {
    return new Fingerprint(high ^ mix(mix(mix(mix(kind) + a) + b) + c), low);
  }

  /** SplitMix64's finalizer: every bit of the input changes half of the output's. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public int hashCode() {
    return (int) low;
  }

  /** The state of one computation. */
  private static final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    SipHash(Secret secret) {
      v0 = secret.first() ^ 0x736f6d6570736575L;
      v1 = secret.second() ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = secret.first() ^ 0x6c7967656e657261L;
      v3 = secret.second() ^ 0x7465646279746573L;
    }

    /** The text's UTF-16, four to a word, and its length, so that no two sequences look alike. */
    void add(String text) {
      int length = text.length();
      int at = 0;
      for (; at + 4 <= length; at += 4) {
        add(
            text.charAt(at)
                | (long) text.charAt(at + 1) << 16
                | (long) text.charAt(at + 2) << 32
                | (long) text.charAt(at + 3) << 48);
      }
      long last = 0;
      for (int i = length - 1; i >= at; i--) {
        last = last << 16 | text.charAt(i);
      }
      add(last | (long) length << 48);
    }

    Fingerprint finish() {
      v2 ^= 0xee;
      rounds(4);
      long high = v0 ^ v1 ^ v2 ^ v3;
      v1 ^= 0xdd;
      rounds(4);
      return new Fingerprint(high, v0 ^ v1 ^ v2 ^ v3);
    }

    private void add(long word) {
      v3 ^= word;
      rounds(2);
      v0 ^= word;
    }

    private void rounds(int count) {
      for (int i = 0; i < count; i++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
    }
  }
}
