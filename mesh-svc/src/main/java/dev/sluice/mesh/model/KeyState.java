package dev.sluice.mesh.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operation has left behind for a key.
 *
 * @param until from when it is worth nothing any more: to have forgotten it then makes no
 *     difference; null when it never is
 */
public record KeyState(String state, @Nullable Instant until) {

  /** Whether it need not be kept. */
  public boolean isExpired(Instant now) {
    return until != null && !until.isAfter(now);
  }
}
