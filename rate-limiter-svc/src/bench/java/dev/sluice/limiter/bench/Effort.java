package dev.sluice.limiter.bench;

/**
 * How much is measured.
 *
 * @param rounds of each duel
 * @param seconds of each load in a round
 * @param warmUpSeconds of each load before the first round, twice
 * @param exactRuns how often a bucket is emptied by a crowd
 * @param keys how many are kept at once
 * @param keySeconds how long requests are timed while there are so many keys, in each round
 */
record Effort(int rounds, int seconds, int warmUpSeconds, int exactRuns, int keys, int keySeconds) {
  static final Effort WHOLE = new Effort(5, 6, 6, 100, 10_000_000, 8);
  static final Effort QUICK = new Effort(3, 2, 2, 10, 1_000_000, 2);
}
