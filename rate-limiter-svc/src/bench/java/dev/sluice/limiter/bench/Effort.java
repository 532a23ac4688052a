package dev.sluice.limiter.bench;

import dev.sluice.load.Rounds;

/**
 * How much is measured.
 *
 * @param rounds of each duel
 * @param exactRuns how often a bucket is emptied by a crowd
 * @param keys how many are kept at once
 * @param keySeconds how long requests are timed while there are so many keys, in each round
 */
record Effort(Rounds rounds, int exactRuns, int keys, int keySeconds) {
  static final Effort WHOLE = new Effort(Rounds.WHOLE, 100, 10_000_000, 8);
  static final Effort QUICK = new Effort(Rounds.QUICK, 10, 1_000_000, 2);
}
