package dev.sluice.limiter.process.policies;

import dev.sluice.limiter.process.Policies;
import dev.sluice.limiter.process.permits.LeasePolicy;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All policies in force.
 *
 * @param rates of rates
 * @param permits of leases, by name
 */
public record NamedPolicies(Policies rates, SortedMap<String, LeasePolicy> permits) {
  /** Copies the map. */
  public NamedPolicies {
    permits = Collections.unmodifiableSortedMap(new TreeMap<>(permits));
  }
}
