package dev.sluice.bench;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a hand-off between two virtual threads costs at least when the one who waits parks: one
 * volatile slot, park and unpark, nothing else. One sender, one receiver; no queue of waiters, no
 * close, no interruption, no looking around before parking. Who does look may be quicker.
 */
final class ParkFloor implements Pipe {
  private volatile @Nullable Integer slot;
  private volatile @Nullable Thread sender;
  private volatile @Nullable Thread receiver;

  ParkFloor(int capacity) {
    if (capacity != 0) {
      throw new IllegalArgumentException("capacity is " + capacity + ", there is one slot only");
    }
  }

  @Override
  public Object channel() {
    return this;
  }

  /** Returns when the receiver has taken the value, as on a rendezvous channel. */
  @Override
  public void send(Integer value) {
    Thread me = Thread.currentThread();
    if (sender != me) {
      requireFirst(sender);
      sender = me;
    }
    slot = value;
    LockSupport.unpark(receiver);
    while (slot != null) {
      LockSupport.park(this);
    }
  }

  @Override
  public Integer receive() {
    Thread me = Thread.currentThread();
    if (receiver != me) {
      requireFirst(receiver);
      receiver = me;
    }
    Integer value = slot;
    while (value == null) {
      LockSupport.park(this);
      value = slot;
    }
    slot = null;
    LockSupport.unpark(sender);
    return value;
  }

  private static void requireFirst(@Nullable Thread other) {
    if (other != null) {
      throw new IllegalStateException("the park floor has one sender and one receiver");
    }
  }
}
