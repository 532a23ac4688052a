package dev.sluice.executable;

import dev.sluice.load.Rounds;

/**
 * How much is measured.
 *
 * @param rounds of each duel
 * @param starts of each, native and on the JVM
 * @param idleSeconds after which a service that has nothing to do is looked at
 */
record Effort(Rounds rounds, int starts, int idleSeconds) {
  static final Effort WHOLE = new Effort(Rounds.WHOLE, 20, 10);
  static final Effort QUICK = new Effort(Rounds.QUICK, 5, 3);
}
