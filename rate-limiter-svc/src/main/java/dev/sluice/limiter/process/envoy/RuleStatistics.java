package dev.sluice.limiter.process.envoy;

/** Told of what rules have counted. Called by any process; does not wait and does not throw. */
@FunctionalInterface
public interface RuleStatistics {

  /**
   * A descriptor was decided.
   *
   * @param metric what the rule's hits are called
   */
  void decided(String metric, Tally tally);
}
