package dev.sluice.load;

/**
 * How long two loads take turns.
 *
 * @param rounds in each of which both run once
 * @param seconds of each load in a round
 * @param warmUpSeconds of each load before the first round, twice
 */
public record Rounds(int rounds, int seconds, int warmUpSeconds) {
  /** What goes on record. */
  public static final Rounds WHOLE = new Rounds(5, 6, 6);

  /** A look, too short to be right. */
  public static final Rounds QUICK = new Rounds(3, 2, 2);
}
