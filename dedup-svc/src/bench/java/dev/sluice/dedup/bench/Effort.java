package dev.sluice.dedup.bench;

import dev.sluice.load.Rounds;

/**
 * How much is measured.
 *
 * @param rounds of each duel
 * @param keys how many are kept at once
 * @param batchSeconds how long batches are asked in process, in each round
 * @param streamSeconds how long one stream runs, in each round
 * @param longStreamSeconds how long a stream runs while its memory is watched
 */
record Effort(Rounds rounds, int keys, int batchSeconds, int streamSeconds, int longStreamSeconds) {
  static final Effort WHOLE = new Effort(Rounds.WHOLE, 20_000_000, 6, 6, 120);
  static final Effort QUICK = new Effort(Rounds.QUICK, 2_000_000, 2, 2, 10);
}
