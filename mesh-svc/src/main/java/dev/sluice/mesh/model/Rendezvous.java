package dev.sluice.mesh.model;

import java.util.Collection;
import java.util.Optional;

/**
 * Who owns a shard: of all workers the one whose hash with the shard is the highest. When a worker
 * goes, only its shards move, and evenly to the others; when it comes back, exactly those return.
 *
 * @see <a
 *     href="https://www.microsoft.com/en-us/research/wp-content/uploads/2017/02/HRW98.pdf">Thaler
 *     and Ravishankar, Using Name-Based Mappings to Increase Hit Rates</a>
 */
public final class Rendezvous {
  private Rendezvous() {}

  /** The owner among the workers; none when there are none. */
  public static Optional<String> owner(int shard, Collection<String> workers) {
    String best = null;
    long highest = 0;
    for (String worker : workers) {
      long weight = KeyHash.mix(KeyHash.of(worker) + KeyHash.mix(shard));
      if (best == null
          || Long.compareUnsigned(weight, highest) > 0
          || (weight == highest && worker.compareTo(best) < 0)) {
        best = worker;
        highest = weight;
      }
    }
    return Optional.ofNullable(best);
  }
}
