package dev.sluice.csp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One thread's offer in one channel's queue: to send {@link #item}, or to receive into it. It is
 * also what the thread parks on, so that a dump can tell who waits for what.
 *
 * <pre>
 *             enqueue                partner hands over or takes
 *   (free) ------------> WAITING ----------------------------------> DONE
 *                          |   \---- channel closed ---------------> CLOSED
 *                          \-- interrupt or time limit: dequeued, by its own thread
 *
 *   DONE, CLOSED, dequeued ---- its own thread knows, and it is not a select's ----> FREE, to be enqueued
 * </pre>
 *
 * Every field but {@link #state} and {@link #parks} is guarded by the lock of the channel. The
 * circular list is intrusive: a queue is a reference to its head, and the head's {@code prev} is
 * the tail.
 */
final class Waiter {
  static final int WAITING = 0;
  static final int DONE = 1;
  static final int CLOSED = 2;
  private static final int FREE = 3;

  private static final VarHandle STATE;
  private static final VarHandle PARKS;

  static {
    try {
      var lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Waiter.class, "state", int.class);
      PARKS = lookup.findVarHandle(Waiter.class, "parks", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Channel<?> channel;

  /**
   * The select this offer belongs to, and which of its cases it is; null for a plain send or
   * receive.
   */
  final Select.@Nullable Case selectCase;

  boolean sends;

  /** Whose offer it is. */
  @Nullable Thread thread;

  @Nullable Object item;
  volatile int state;

  /** Whether the thread may be parked, so that whoever resolves the offer has to wake it. */
  volatile boolean parks;

  /** The channel's {@link Spin} budget when the offer was queued. */
  int spin;

  /** The offer of the same side that was made after this one; the last leads to the first. */
  @Nullable Waiter successor;

  boolean queued;
  private @Nullable Waiter prev;
  private @Nullable Waiter next;

  Waiter(Channel<?> channel, Select.@Nullable Case selectCase) {
    this.channel = channel;
    this.selectCase = selectCase;
  }

  /** Adds this waiter at the end of the queue and answers the queue's head. */
  Waiter enqueue(@Nullable Waiter head) {
    queued = true;
    STATE.set(this, WAITING); // plain, both: who else reads them has locked the channel since
    PARKS.set(this, false);
    if (head == null) {
      prev = this;
      next = this;
      return this;
    }
    Waiter tail = head.prev();
    prev = tail;
    next = head;
    tail.next = this;
    head.prev = this;
    return head;
  }

  /** Removes this waiter from the queue and answers the queue's new head. */
  @Nullable Waiter dequeue(@Nullable Waiter head) {
    queued = false;
    Waiter after = next();
    Waiter before = prev();
    prev = null;
    next = null;
    if (after == this) {
      return null;
    }
    before.next = after;
    after.prev = before;
    return head == this ? after : head;
  }

  /**
   * Resolves this waiter, which has just left its queue: it happens with {@code outcome}, unless it
   * belongs to a select that another case has won. After a true answer the waiter's fields are its
   * thread's again.
   */
  boolean resolve(int outcome) {
    state = outcome;
    return selectCase == null || selectCase.win();
  }

  /** Whether the thread whose offer has just been resolved may be parked. */
  boolean mustWake() {
    return selectCase != null || parks;
  }

  /**
   * Leaves an offer that is out of its queue to the next that waits. Nobody else looks at it: a
   * partner does so under the lock only, and the next enqueues it under the lock.
   */
  void free() {
    item = null;
    thread = null;
    STATE.setRelease(this, FREE);
  }

  boolean isFree() {
    return (int) STATE.getAcquire(this) == FREE;
  }

  static int count(@Nullable Waiter head) {
    if (head == null) {
      return 0;
    }
    int count = 1;
    for (Waiter w = head.next(); w != head; w = w.next()) {
      count++;
    }
    return count;
  }

  private Waiter next() {
    if (next == null) {
      throw new IllegalStateException("not queued");
    }
    return next;
  }

  private Waiter prev() {
    if (prev == null) {
      throw new IllegalStateException("not queued");
    }
    return prev;
  }

  /** What a dump prints: {@code send on NAME} or {@code receive from NAME}. */
  @Override
  public String toString() {
    return (sends ? "send on " : "receive from ") + channel;
  }
}
