package dev.sluice.limiter.process;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The policies in force.
 *
 * @param byName each under its name
 */
public record Policies(SortedMap<String, Policy> byName) {
  private static final int FEW = 20;

  /** Copies the map. */
  public Policies {
    byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
  }

  /** These policies. */
  public static Policies of(List<Policy> policies) {
    var byName = new TreeMap<String, Policy>();
    policies.forEach(each -> byName.put(each.name(), each));
    return new Policies(byName);
  }

  /**
   * The policy of this name.
   *
   * @throws Invalid there is none
   */
  Policy get(String name) {
    Policy policy = byName.get(name);
    if (policy == null) {
      throw new Invalid(
          "policy",
          name,
          byName.size() > FEW
              ? "is none of the " + byName.size() + " policies in force"
              : "must be one of " + byName.keySet());
    }
    return policy;
  }
}
