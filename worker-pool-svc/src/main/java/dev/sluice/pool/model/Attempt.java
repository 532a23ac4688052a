package dev.sluice.pool.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of a job that has ended.
 *
 * @param number 1 for the first
 * @param worker who had it, as it called itself; null when it did not
 * @param startedAt when it was handed out
 * @param finishedAt when its end was known
 * @param status what the target answered; null when it did not, or there is none
 * @param error why it failed; null when it has not
 */
public record Attempt(
    int number,
    @Nullable String worker,
    Instant startedAt,
    Instant finishedAt,
    @Nullable Integer status,
    @Nullable String error) {}
