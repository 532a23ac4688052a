package dev.sluice.pool.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A worker asks for jobs.
 *
 * @param queue of which queue
 * @param max how many at most; it gets what there is, one at least, and does not wait for more
 * @param lease how long it wants to have them; null: as the queue's settings say
 * @param maxWait how long it waits for the first
 * @param worker what it calls itself; null for nothing
 */
public record LeaseRequest(
    String queue, int max, @Nullable Duration lease, Duration maxWait, @Nullable String worker) {}
