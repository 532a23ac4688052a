package dev.sluice.mesh.process.router;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.process.Told;

/**
 * Somebody who waits for what becomes of a request.
 *
 * @param due when the wait runs out, in the clock's nanoseconds
 */
record Caller(Entry entry, long due, Reply<Told> reply) {

  boolean isDue(long now) {
    return due - now <= 0;
  }
}
