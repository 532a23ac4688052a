package dev.sluice.limiter.process;

import dev.sluice.limiter.process.LimiterMessage.Request;

/**
 * Is told what a shard does with each request, to replay it against the limiter's model. The
 * shard's process alone tells it, in the order in which it does things: {@link #asked} comes first,
 * then {@link #queued} perhaps, and one of {@link #granted}, {@link #refused} and {@link #left}
 * last.
 */
interface LimiterObserver {
  /** Is told and does nothing. */
  LimiterObserver NONE = new LimiterObserver() {};

  /** The shard takes up a request for permits that is possible. */
  default void asked(Request request) {}

  /** It stands in line. */
  default void queued(Request request) {}

  /** It has its permits. */
  default void granted(Request request) {}

  /** It has been answered otherwise: refused, at once or at the end of its wait, or not decided. */
  default void refused(Request request) {}

  /** Nobody is there any more; permits that were meant for it are given back. */
  default void left(Request request) {}

  /**
   * A release or a reset has been carried out.
   *
   * @param permits how many have come back
   */
  default void changed(Request request, long permits) {}
}
