package dev.sluice.limiter.process;

/**
 * Told what became of each request for permits. Each shard has its own, and is alone to call it.
 */
@FunctionalInterface
public interface DecisionMeter {

  /** Tells nobody. */
  DecisionMeter NONE = (_, _, _) -> {};

  /** What became of a request for permits that was possible. */
  enum Result {
    /** Granted, and counted. */
    GRANTED,
    /** Granted though the permits were not there, because the policy is a shadow. */
    SHADOW,
    /** Granted uncounted, because the engine did not answer and the policy then grants. */
    FAIL_OPEN,
    /** Not to be had within the wait. */
    REFUSED,
    /** Nothing could be decided: the engine did not answer, or had no room for the key. */
    UNDECIDED
  }

  /**
   * One request was decided.
   *
   * @param policy the policy's name, {@code inline} for terms that came with the request
   * @param permits how many it was for
   */
  void decided(String policy, Result result, long permits);
}
