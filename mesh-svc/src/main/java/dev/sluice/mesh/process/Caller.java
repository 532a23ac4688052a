package dev.sluice.mesh.process;

import dev.sluice.csp.Reply;

/**
 * Somebody who waits for the outcome of a request.
 *
 * @param due when the wait runs out, in the clock's nanoseconds
 */
record Caller(int shard, long due, Reply<Outcome> reply) {}
