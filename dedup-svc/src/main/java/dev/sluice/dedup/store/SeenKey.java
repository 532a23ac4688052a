package dev.sluice.dedup.store;

import java.util.Comparator;

/**
 * What is seen once: the same key in two namespaces is two.
 *
 * <p>Comparable, because callers choose the keys: a hash map finds comparable keys fast even when
 * somebody sends thousands whose hashes are the same.
 *
 * @param namespace whose keys
 * @param key which of them
 */
public record SeenKey(String namespace, String key) implements Comparable<SeenKey> {
  private static final Comparator<SeenKey> ORDER =
      Comparator.comparing(SeenKey::key).thenComparing(SeenKey::namespace);

  @Override
  public int compareTo(SeenKey other) {
    return ORDER.compare(this, other);
  }
}
