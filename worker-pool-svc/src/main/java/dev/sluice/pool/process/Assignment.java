package dev.sluice.pool.process;

import dev.sluice.pool.store.Job;

/**
 * What a worker is to do: one attempt.
 *
 * @param attempt 1 for the first
 */
record Assignment(Job job, int attempt) {}
