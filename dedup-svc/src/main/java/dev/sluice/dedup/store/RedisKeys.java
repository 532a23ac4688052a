package dev.sluice.dedup.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * What keys are called in Redis, the same by every instance.
 *
 * <p>The hash tag says in which slot of a cluster a key is. It is the namespace and one of {@value
 * #PARTS} parts, which the key's own hash chooses: so a namespace spreads over the nodes, and is
 * still counted by asking a few hashes. The namespace's length tells where it ends, and the tag is
 * never empty, whatever the namespace is.
 *
 * <p>Hashed means the first 128 bits of SHA-256, which all instances compute alike; so it is under
 * no secret. Among a billion keys of a namespace the chance that two have the same bits is below 2
 * in 10^21; who searches for such a pair has to try some 2^64 keys, and with a pair could only make
 * one of the two look like a repetition of the other.
 */
public final class RedisKeys {
  /** In how many parts a namespace is kept; all instances must agree. */
  static final int PARTS = 16;

  private static final int KEPT_BYTES = 16;
  private static final Base64.Encoder BASE_64 = Base64.getUrlEncoder().withoutPadding();

  private final KeyForm form;
  private final MessageDigest sha256; // each process has its own

  /**
   * @param form how keys are kept
   */
  public RedisKeys(KeyForm form) {
    this.form = form;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }

  /**
   * Where something is.
   *
   * @param tag the hash tag
   * @param name the key's name, which tells it from all others with this tag
   */
  record Place(String tag, String name) {}

  Place placeOf(String namespace, String key) {
    byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
    return new Place(tag(hash[hash.length - 1] & (PARTS - 1), namespace), name(hash, key));
  }

  /**
   * What a key is called whose namespace is not counted: the whole of it is the tag.
   *
   * @param prefix what is kept under it
   */
  public String whole(String prefix, String namespace, String key) {
    byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
    return prefix + "{" + namespace.length() + ":" + namespace + ":" + name(hash, key) + "}";
  }

  static String tag(int part, String namespace) {
    return "{" + part + ":" + namespace.length() + ":" + namespace + "}";
  }

  private String name(byte[] hash, String key) {
    return switch (form) {
      case HASHED -> "h:" + BASE_64.encodeToString(Arrays.copyOf(hash, KEPT_BYTES));
      case VERBATIM -> "k:" + key;
    };
  }
}
