package dev.sluice.csp;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The receiving direction of a {@link Channel}. A process that only receives takes this type, so
 * that the compiler holds the direction of the data.
 *
 * <p>Receivers that wait are served first come, first served; each value goes to exactly one of
 * them.
 *
 * @param <T> what the channel carries
 */
public sealed interface ReceiveChannel<T> extends Iterable<T> permits Channel {

  /**
   * Receives the next value, waiting for it.
   *
   * @return the value
   * @throws InterruptedException the thread was interrupted, before the call or while it waited; no
   *     value was taken. (When a value was handed over in the same instant, the call returns it and
   *     the thread stays interrupted.)
   * @throws ChannelClosedException the channel is closed and every value has been received
   */
  T receive() throws InterruptedException;

  /**
   * Receives the next value, waiting for it, or learns of the end.
   *
   * @return the value, or null when the channel is closed and every value has been received
   * @throws InterruptedException as for {@link #receive()}
   */
  @Nullable T receiveOrNull() throws InterruptedException;

  /**
   * Receives a value if that needs no waiting. Never waits, never fails for no reason; safe on a
   * thread that must not block.
   *
   * @return the value, or null when there is none now; {@link #isClosedForReceive()} then tells
   *     whether one may still come
   */
  @Nullable T tryReceive();

  /**
   * Receives a value, waiting at most {@code limit} (zero or negative: not at all) by the channel's
   * clock.
   *
   * @param limit how long to wait at most
   * @return the value, or null when the limit ran out or the channel has ended; {@link
   *     #isClosedForReceive()} tells which
   * @throws InterruptedException as for {@link #receive()}
   */
  @Nullable T tryReceive(Duration limit) throws InterruptedException;

  /**
   * Takes what is there now, in order and in one go: buffered values, then those of senders that
   * wait. Never waits.
   *
   * @param into where the values are added, after they have been taken; what it throws is thrown
   *     here, and the values that it refuses are lost
   * @param max the most values to take; not negative
   * @return how many were taken
   * @throws IllegalArgumentException {@code max} is negative; nothing was taken
   */
  int drainTo(Collection<? super T> into, int max);

  /**
   * Whether the stream has ended.
   *
   * @return true when it is closed and every value has been received; stays true then
   */
  boolean isClosedForReceive();

  /**
   * Receives until the end: {@code for (T value : channel)}.
   *
   * <p>An interrupted loop ends with a {@link CancellationException} (an iterator cannot throw
   * {@link InterruptedException}), the thread stays interrupted, and no value is lost. The iterator
   * serves one thread; several loops over one channel split its values.
   */
  @Override
  default Iterator<T> iterator() {
    return new Iterator<>() {
      private @Nullable T next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          try {
            next = receiveOrNull();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            var cancelled =
                new CancellationException(
                    "interrupted while receiving from " + ReceiveChannel.this);
            cancelled.initCause(interrupted);
            throw cancelled;
          }
        }
        return next != null;
      }

      @Override
      public T next() {
        if (!hasNext() || next == null) {
          throw new NoSuchElementException(ReceiveChannel.this + " has ended");
        }
        T value = next;
        next = null;
        return value;
      }
    };
  }
}
