package dev.sluice.cspm;

/**
 * What became of an assertion.
 *
 * @param assertion as it stands in the script
 * @param holds it holds; what is too large to be decided counts as not holding, negated or not
 * @param counterexample what shows that it does not hold, a trace first, or why it could not be
 *     decided; empty when it holds
 * @param states of the process that was checked: the implementation, for a refinement; 0 when it
 *     was too large
 */
public record Verdict(String assertion, boolean holds, String counterexample, int states) {
  /** The verdict, the states and the assertion, and the counterexample on a line of its own. */
  @Override
  public String toString() {
    String line = "%s %,9d states  %s".formatted(holds ? "PASS" : "FAIL", states, assertion);
    return holds ? line : line + "\n     " + counterexample;
  }
}
