package dev.sluice.mesh.bench;

import dev.sluice.load.Rounds;

/**
 * How much is measured.
 *
 * @param rounds of each duel
 * @param seconds how long requests come at a steady rate
 * @param faults how often a worker is stalled, and how often one is killed
 */
record Effort(Rounds rounds, int seconds, int faults) {
  static final Effort WHOLE = new Effort(Rounds.WHOLE, 20, 50);
  static final Effort QUICK = new Effort(Rounds.QUICK, 5, 10);
}
