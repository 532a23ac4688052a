package dev.sluice.demo;

import java.time.Duration;

/** What a process saw happen to an event, told to the {@link Tally}. */
sealed interface Fact {

  /** The event it is about. */
  Webhook event();

  /** It came in; for the first time or again. */
  record Arrived(Webhook event) implements Fact {}

  /** dedup-svc had seen it before, so it ends here. */
  record Dropped(Webhook event) implements Fact {}

  /**
   * mesh-svc ran it at the worker that owns its account.
   *
   * @param turn which of the account's events it is by our count, from 1
   * @param count which it is by the owner's count
   */
  record Sharded(Webhook event, int turn, int count, int shard, String worker) implements Fact {
    boolean inOrder() {
      return turn == count;
    }
  }

  /**
   * rate-limiter-svc let it pass.
   *
   * @param throttled whether it had to wait for that, in the service or before it was asked again
   * @param took from when it stood at its sender's limit until it passed
   */
  record Granted(Webhook event, boolean throttled, Duration took) implements Fact {}

  /**
   * worker-pool-svc answers for it from now on.
   *
   * @param refusals how often the pool had said that its queue is full
   * @param took from the first submission to the one that was taken
   */
  record Accepted(Webhook event, String job, int refusals, Duration took) implements Fact {}

  /** Its job is over. */
  record Ended(Webhook event, Ending ending) implements Fact {}

  /**
   * How a job ended.
   *
   * @param delivered whether the target took it in the end
   * @param attempts how often the pool tried
   * @param answered how many of these the target answered, whatever it said
   * @param reason the last attempt's status or error
   */
  record Ending(String job, boolean delivered, int attempts, int answered, String reason) {}
}
