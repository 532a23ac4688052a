package dev.sluice.pool.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job and all that is known of it.
 *
 * @param id unique
 * @param queue the name of its queue
 * @param state how far it has come
 * @param priority which jobs it goes before
 * @param group which others it runs in order with; null for none
 * @param call what a push queue calls; null in a pull queue
 * @param payload what its worker gets; in a list {@link Payload#NONE}
 * @param terms how often and how long it is tried
 * @param attemptsMade how many attempts count against {@code terms.attempts}
 * @param attempts those that have ended, oldest first, of many the last 20; in a list none
 * @param startedAt when the running attempt began; null while none runs
 * @param leasedUntil when the running attempt's lease runs out; null while none runs
 * @param progress what the worker has reported last; null for none
 * @param result what has come of it; null for nothing
 * @param acceptedAt when it was submitted
 * @param nextAttemptAt while scheduled or retrying: when it may begin
 * @param deadline when it is given up; null: never
 * @param finishedAt null while it is not
 * @param error why it has failed; null when it has not
 */
public record JobView(
    UUID id,
    String queue,
    JobState state,
    NewJob.Priority priority,
    @Nullable String group,
    @Nullable Call call,
    Payload payload,
    Terms terms,
    int attemptsMade,
    List<Attempt> attempts,
    @Nullable Instant startedAt,
    @Nullable Instant leasedUntil,
    @Nullable Payload progress,
    @Nullable Payload result,
    Instant acceptedAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant deadline,
    @Nullable Instant finishedAt,
    @Nullable String error) {}
