package dev.sluice.bench;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bounded queue that everyone writes once: a lock, two conditions, a deque. */
final class LockedQueue implements Pipe {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final Queue<Integer> values = new ArrayDeque<>();
  private final int capacity;

  LockedQueue(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is " + capacity + ", must be 1 or more");
    }
    this.capacity = capacity;
  }

  @Override
  public Object channel() {
    return this;
  }

  @Override
  public void send(Integer value) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (values.size() == capacity) {
        notFull.await();
      }
      values.add(value);
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Integer receive() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (values.isEmpty()) {
        notEmpty.await();
      }
      Integer value = values.remove();
      notFull.signal();
      return value;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean trySend(Integer value) {
    lock.lock();
    try {
      if (values.size() == capacity) {
        return false;
      }
      values.add(value);
      notEmpty.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Integer tryReceive() {
    lock.lock();
    try {
      Integer value = values.poll();
      if (value != null) {
        notFull.signal();
      }
      return value;
    } finally {
      lock.unlock();
    }
  }
}
