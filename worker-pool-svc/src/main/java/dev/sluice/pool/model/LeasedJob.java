package dev.sluice.pool.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job in a worker's hands.
 *
 * @param id unique
 * @param queue the name of its queue
 * @param lease what the worker shows to end or extend it; another one each time that the job is
 *     handed out, so a late worker is told from the present one
 * @param attempt 1 for the first
 * @param payload what the worker gets
 * @param call what a push queue calls; null in a pull queue
 * @param terms how often and how long it is tried
 * @param group which others it runs in order with; null for none
 * @param acceptedAt when it was submitted
 * @param until when the lease runs out
 * @param deadline when it is given up; null: never
 */
public record LeasedJob(
    UUID id,
    String queue,
    long lease,
    int attempt,
    Payload payload,
    @Nullable Call call,
    Terms terms,
    @Nullable String group,
    Instant acceptedAt,
    Instant until,
    @Nullable Instant deadline) {}
