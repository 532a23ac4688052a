package dev.sluice.load;

/**
 * Something measured that is no duel.
 *
 * @param what was measured
 * @param found what came of it
 * @param goal what was wanted, and whether it is met
 */
public record Fact(String what, String found, String goal) {

  /** One with a goal. */
  public static Fact of(String what, String found, String goal, boolean met) {
    return new Fact(what, found, goal + ": " + Goal.met(met));
  }
}
