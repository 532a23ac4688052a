package dev.sluice.csp;

import java.time.Duration;

/**
 * The sending direction of a {@link Channel}. A process that only sends takes this type, so that
 * the compiler holds the direction of the data.
 *
 * <p>Values of one sender arrive in its order. Senders that wait are served first come, first
 * served. {@code null} is not a value.
 *
 * @param <T> what the channel carries
 */
public sealed interface SendChannel<T> permits Channel {

  /**
   * Sends a value: waits until the buffer has room or, on a rendezvous channel, until a receiver
   * takes it.
   *
   * @param value not null
   * @throws InterruptedException the thread was interrupted, before the call or while it waited;
   *     the value was not delivered and never will be. (When a receiver took the value in the same
   *     instant, the call returns normally and the thread stays interrupted.)
   * @throws ChannelClosedException the channel is closed, or was closed while this call waited; the
   *     value was not delivered
   * @throws NullPointerException {@code value} is null
   */
  void send(T value) throws InterruptedException;

  /**
   * Sends a value if that needs no waiting. Never waits, never fails for no reason; safe on a
   * thread that must not block.
   *
   * @param value not null
   * @return whether the value was delivered: false when the buffer is full or, on a rendezvous
   *     channel, when no receiver waits
   * @throws ChannelClosedException the channel is closed
   * @throws NullPointerException {@code value} is null
   */
  boolean trySend(T value);

  /**
   * Sends a value, waiting at most {@code limit} (zero or negative: not at all) by the channel's
   * clock.
   *
   * @param value not null
   * @param limit how long to wait at most
   * @return whether the value was delivered; false when the limit ran out, and then it never will
   *     be
   * @throws InterruptedException as for {@link #send(Object)}
   * @throws ChannelClosedException as for {@link #send(Object)}
   * @throws NullPointerException {@code value} or {@code limit} is null
   */
  boolean trySend(T value, Duration limit) throws InterruptedException;

  /**
   * Ends the stream. Senders that wait fail with {@link ChannelClosedException}, values in the
   * buffer are still received, then every receiver sees the end. Closing belongs to the sender:
   * with several senders, close when the last has finished.
   *
   * @throws ChannelClosedException the channel is closed already; closing twice is a programmer's
   *     error
   */
  void close();

  /**
   * Ends the stream as {@link #close()} does, unless it has been ended: for those of whom several
   * may be the one that ends it.
   *
   * @return whether this call ended it
   */
  boolean tryClose();

  /** {@return whether the channel has been closed: every send fails from then on} */
  boolean isClosedForSend();
}
