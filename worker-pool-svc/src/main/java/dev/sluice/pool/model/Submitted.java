package dev.sluice.pool.model;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What has come of a submit. */
public sealed interface Submitted {

  /**
   * There is a new job.
   *
   * @param id its id
   * @param state how far it has come
   */
  record Accepted(UUID id, JobState state) implements Submitted {}

  /**
   * It is a job that was there already: of the same idempotency key, or debounced.
   *
   * @param id its id
   * @param state how far it has come
   */
  record Existing(UUID id, JobState state) implements Submitted {}

  /**
   * The idempotency key stands for a job with other content.
   *
   * @param id that job's id
   */
  record Mismatch(UUID id) implements Submitted {}

  /**
   * There is no room.
   *
   * @param depth how many jobs of the queue are unfinished
   * @param capacity how many may be
   * @param bytes how many bytes their payloads have
   * @param capacityBytes how many they may have
   * @param roomIn when there may be room, a guess; null: nobody has guessed, engines never do
   */
  record Full(long depth, long capacity, long bytes, long capacityBytes, @Nullable Duration roomIn)
      implements Submitted {

    /** Without a guess. */
    public Full(long depth, long capacity, long bytes, long capacityBytes) {
      this(depth, capacity, bytes, capacityBytes, null);
    }

    /** The same with a guess. */
    public Full withRoomIn(Duration guess) {
      return new Full(depth, capacity, bytes, capacityBytes, guess);
    }

    /** How many jobs have to end before there is room for one of that size, about. */
    public long endsUntilRoom(long size) {
      long each = Math.max(1, bytes / Math.max(1, depth));
      long tooMany = depth - capacity + 1;
      long tooLarge = Math.ceilDiv(bytes + size - capacityBytes, each);
      return Math.max(1, Math.max(tooMany, tooLarge));
    }
  }

  /**
   * The job is not one for its queue: a push queue's jobs have a target, those of a pull queue have
   * none.
   *
   * @param kind what the queue is
   */
  record WrongKind(QueueSettings.Kind kind) implements Submitted {}

  /**
   * There is no queue of this name, and no room for another.
   *
   * @param max how many there may be
   */
  record TooManyQueues(int max) implements Submitted {}
}
