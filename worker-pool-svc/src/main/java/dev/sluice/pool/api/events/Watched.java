package dev.sluice.pool.api.events;

import dev.sluice.pool.process.Watch;
import org.jspecify.annotations.Nullable;

/**
 * A watch that is open.
 *
 * @param watch to be ended
 * @param first how the job is; null for a queue
 */
public record Watched(Watch watch, @Nullable EventAnswer first) {
  /** Whether it ends with the job. */
  boolean isOfJob() {
    return first != null;
  }
}
