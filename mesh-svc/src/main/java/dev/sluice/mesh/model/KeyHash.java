package dev.sluice.mesh.model;

import java.nio.charset.StandardCharsets;

/**
 * The hash that maps keys to shards. Part of the contract between processes, so it does not depend
 * on the JVM: FNV-1a over the key's UTF-8, and the finalizer of SplitMix64 to spread it.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-eastlake-fnv/">The FNV Non-Cryptographic
 *     Hash Algorithm</a>
 */
public final class KeyHash {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private KeyHash() {}

  /** The shard of a key. */
  public static int shard(String key, int shards) {
    return (int) Math.unsignedMultiplyHigh(of(key), shards);
  }

  static long of(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return mix(hash);
  }

  static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
