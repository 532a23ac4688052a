package dev.sluice.limiter.process.envoy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one limit is asked for: a list of key/value pairs, from the general to the special.
 *
 * @param entries the pairs
 * @param override the limit to apply instead of the configured one; null for the configured one
 * @param hits how many hits this descriptor counts, zero to look without counting; null for those
 *     of the request
 * @param givesBack whether the hits are taken off the count instead of added
 */
public record Descriptor(
    List<Entry> entries, @Nullable Override override, @Nullable Long hits, boolean givesBack) {

  /** One pair. */
  public record Entry(String key, String value) {}

  /** A limit that comes with the request. */
  public record Override(long requestsPerUnit, Unit unit) {}

  /** Copies the entries. */
  public Descriptor {
    entries = List.copyOf(entries);
  }
}
