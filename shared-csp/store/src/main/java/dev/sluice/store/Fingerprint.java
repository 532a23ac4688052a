package dev.sluice.store;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a key in 128 bits, so that a table of millions of them keeps no text: SipHash-2-4 with
 * its 128-bit output, under a secret. Two keys with the same fingerprint would be taken for one;
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
   * The fingerprint of a key.
   *
   * @param space whose key it is: the same key of two is two; null: nobody's, another one still
   */
  public static Fingerprint of(Secret secret, @Nullable String space, String key) {
    var hash = new SipHash(secret);
    if (space != null) {
      hash.add(space);
    }
    hash.add(key);
    return hash.finish();
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
