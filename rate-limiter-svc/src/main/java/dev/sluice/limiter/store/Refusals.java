package dev.sluice.limiter.store;

import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what an engine elsewhere has refused, so that a key known to be empty is refused here
 * until it could be granted again. It never grants.
 *
 * <p>What is remembered is the cell as the engine saw it. Other instances only take from it
 * meanwhile, so whoever could not be served then cannot be served now, but for what time has
 * brought; how much that is the algorithm says. The engine saw it after it was asked, so its clock
 * is taken to have stood, when it was asked, where it stood when it answered: the time that passes
 * here is then never behind the engine's, and nobody is refused whom the engine would serve. The
 * exception is permits that come back otherwise, by a release or a reset. Those through this store
 * are heeded at once ({@link #forget}); those through another instance are once the refusal is
 * {@code keep} old.
 */
final class Refusals {
  private final long keep;
  private final int most;
  private final LinkedHashMap<Fingerprint, Refusal> refusals = new LinkedHashMap<>();

  /** A cell that does not hold what was asked for, and the two clocks' instants. */
  private record Refusal(Algorithm algorithm, Cell cell, long engineNow, long asked) {}

  /**
   * @param keep how long a refusal is remembered at most; zero: none is
   * @param most how many are remembered
   */
  Refusals(Duration keep, int most) {
    this.keep = keep.toNanos();
    this.most = most;
  }

  /**
   * Remembers that a key has been refused.
   *
   * @param asked when the engine was asked, by the clock of {@link #refuse}
   * @param engineNow when it answered, by its own
   */
  void remember(Fingerprint key, Algorithm algorithm, Cell cell, long engineNow, long asked) {
    if (keep > 0) {
      refusals.remove(key); // so that the oldest stay in front
      if (refusals.size() == most) {
        refusals.pollFirstEntry();
      }
      refusals.put(key, new Refusal(algorithm, cell, engineNow, asked));
    }
  }

  /** Forgets a key whose permits come back. */
  void forget(Fingerprint key) {
    refusals.remove(key);
  }

  /** Forgets what has been remembered for long enough. */
  void sweep(long now) {
    Iterator<Refusal> oldest = refusals.values().iterator();
    while (oldest.hasNext() && now - oldest.next().asked >= keep) {
      oldest.remove();
    }
  }

  /** The refusal of so many permits; null when the engine has to be asked. */
  Outcome.@Nullable Done refuse(Fingerprint key, long permits, long now) {
    Refusal refusal = refusals.get(key);
    if (refusal == null || now - refusal.asked >= keep) {
      return null;
    }
    long engineNow = refusal.engineNow + (now - refusal.asked);
    long until = refusal.algorithm.nanosUntil(refusal.cell, permits, engineNow);
    if (until == 0) {
      return null;
    }
    return new Outcome.Done(
        0,
        refusal.algorithm.remaining(refusal.cell, engineNow),
        until,
        refusal.algorithm.nanosUntil(refusal.cell, refusal.algorithm.limit(), engineNow));
  }
}
