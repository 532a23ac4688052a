package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.QueueCounts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many jobs each queue has. Within a transaction it knows what that has changed. */
public interface Counts {
  /** How many are unfinished. */
  long depth(String queue);

  /** What their payloads have. */
  long bytes(String queue);

  /** Whether there are none, not even finished ones. */
  boolean isEmpty(String queue);

  /**
   * Hears of a change.
   *
   * @param from null: it is new
   * @param to null: it is deleted
   * @param bytes of its payload
   */
  void moved(String queue, @Nullable JobState from, @Nullable JobState to, long bytes);

  /** Hears that the payload of an unfinished job was replaced by one that is so much larger. */
  void grown(String queue, long bytes);

  /** Of all queues that have jobs. */
  Map<String, QueueCounts> all();
}
