package dev.sluice.pool.bench;

import dev.sluice.load.Rounds;

/**
 * How much is measured.
 *
 * @param rounds of each duel, and of what is measured beside
 * @param jobs how many are queued at once
 * @param seconds how long jobs are taken from their submit to their end
 */
record Effort(Rounds rounds, int jobs, int seconds) {
  static final Effort WHOLE = new Effort(Rounds.WHOLE, 1_000_000, 20);
  static final Effort QUICK = new Effort(Rounds.QUICK, 100_000, 5);
}
