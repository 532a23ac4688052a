package dev.sluice.service;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Unmodifiable maps that keep the order of their entries, which {@code Map.of} does not. */
final class Ordered {
  private Ordered() {}

  static <K, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
    var result = new LinkedHashMap<>(map);
    result.put(key, value);
    return Collections.unmodifiableMap(result);
  }
}
