package dev.sluice.pool.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is submitted. Whoever makes one has checked it.
 *
 * @param queue the name of its queue
 * @param payload what its worker gets
 * @param call what a push queue calls; null in a pull queue
 * @param priority which jobs it goes before
 * @param delay how long it is not to begin; zero: at once
 * @param notBefore when it may begin, if that is later; null: at any time
 * @param deadline when it is given up if it has not succeeded; null: never
 * @param terms how often and how long it is tried; what they leave to the queue is filled when the
 *     job is accepted
 * @param idempotencyKey submits with the same one, within a queue and its window, are one job; null
 *     for none
 * @param group jobs of a group run one after another, in the order of their acceptance; null for
 *     none
 * @param debounce null for none
 */
public record NewJob(
    String queue,
    Payload payload,
    @Nullable Call call,
    Priority priority,
    Duration delay,
    @Nullable Instant notBefore,
    @Nullable Instant deadline,
    Terms terms,
    @Nullable String idempotencyKey,
    @Nullable String group,
    @Nullable Debounce debounce) {

  /** Which jobs a worker gets first. */
  public enum Priority {
    /** Before all that are normal. */
    HIGH,
    /** After those that are high. */
    NORMAL
  }

  /** A job without any wishes. */
  public static NewJob of(String queue, Payload payload, @Nullable Call call) {
    return new NewJob(
        queue,
        payload,
        call,
        Priority.NORMAL,
        Duration.ZERO,
        null,
        null,
        Terms.DEFAULT,
        null,
        null,
        null);
  }
}
