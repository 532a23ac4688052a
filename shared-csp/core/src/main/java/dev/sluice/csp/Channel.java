package dev.sluice.csp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A typed, bounded channel between processes: rendezvous (capacity 0: a send waits for its
 * receiver) or buffered (capacity K: a send waits when K values are there). There is no unbounded
 * channel.
 *
 * <p>Any number of threads, virtual or not, may send and receive. Hand a process the direction it
 * needs: {@link SendChannel} or {@link ReceiveChannel}. A channel that belongs to a {@link Scope}
 * ({@link Scope#channel}) has a name and is listed with it.
 *
 * <p><b>Algorithm.</b> Go's: one lock a channel, a ring of values, and two queues of waiting offers
 * ({@link Waiter}). What arrives first looks for its partner in the other queue and hands over
 * directly; so at most one queue is ever non-empty, senders wait only when the ring is full,
 * receivers only when it is empty, and both are served first come, first served. A receiver that
 * takes from a full ring moves the first waiting sender's value into it.
 *
 * <p>The lock spins, and its holder always runs: it is held for a few dozen instructions, never
 * while waiting (for another lock neither), waking or running foreign code, so a virtual thread is
 * never unmounted with it. This must stay so. The scheduler of virtual threads may run those that
 * spin and yield again and again before one that became ready elsewhere, and if that one were the
 * holder it would never come to unlock. Threads are woken after the lock is released.
 *
 * <p>Who finds the lock held keeps off it for the time of some dozen operations. To move the
 * channel's memory from one processor to another costs as much as a dozen operations on memory that
 * is already there, so it is quicker for both sides when each does a run of them, up to a full or
 * an empty ring, than when they take turns.
 *
 * <p>Who has to wait looks for its partner for a moment before it parks: see {@link Spin}. A
 * partner wakes only who may be parked ({@link Waiter#parks}). The offers of each side are kept in
 * a ring and made again, the oldest first, since it is the first to be free: so nothing is
 * allocated, unless more than {@value #KEPT} of a side wait.
 *
 * <p>What a hand-over costs is the moving of memory between processors. So a thread that finds its
 * partner soon touches only its offer outside the lock, and not the channel, which its partner is
 * likely to have locked.
 *
 * <p>A waiting offer is resolved under the lock exactly once: by a partner, by {@link #close()}, or
 * by its own thread that takes it back (interruption, time limit). That is why a value is never
 * lost or doubled when these race. An offer of a {@link Select} stands in several queues; there the
 * select's own compare-and-set decides.
 *
 * @param <T> what the channel carries; never null
 */
public final class Channel<T> implements SendChannel<T>, ReceiveChannel<T> {
  private static final VarHandle LOCK;
  private static final VarHandle NEXT_ID;

  /** After so many attempts to lock it is likely that the holder does not run. */
  private static final int ATTEMPTS = 16;

  /** The largest capacity; a buffer of this size takes 64 MiB. */
  public static final int MAX_CAPACITY = 1 << 24;

  /** How long to keep off a lock that is held, in {@link Thread#onSpinWait}s: see above. */
  private static final int BACKOFF = 8;

  /** How many offers of a side are kept. */
  private static final int KEPT = 64;

  private static long nextId;

  static {
    try {
      var lookup = MethodHandles.lookup();
      LOCK = lookup.findVarHandle(Channel.class, "lock", int.class);
      NEXT_ID = lookup.findStaticVarHandle(Channel.class, "nextId", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int capacity;
  private final @Nullable String name;
  private final Clock clock;

  /** Runs what wakes the receiver after {@link #trySend(Object)}; null: that call itself does. */
  private final @Nullable Executor waker;

  /** Orders the locking of several channels by a select. */
  final long id;

  @SuppressWarnings("unused") // by LOCK
  private volatile int lock;

  // All below is guarded by the lock.
  private @Nullable Object @Nullable [] ring;
  private int head;
  private int depth;
  private boolean closed;
  private @Nullable Waiter senders;
  private @Nullable Waiter receivers;
  private @Nullable Thread wake;
  private long sent;

  /** How many offers have been queued ever, modulo 2^32. */
  private int offers;

  /** The offers last made, each in the ring of its side. */
  private @Nullable Waiter lastSender;

  private @Nullable Waiter lastReceiver;

  /** The sizes of the rings. */
  private byte keptSenders;

  private byte keptReceivers;

  /** A {@link Spin} budget; written without the lock. */
  private int spin = Spin.INITIAL;

  Channel(int capacity, @Nullable String name, Clock clock) {
    this(capacity, name, clock, null);
  }

  Channel(int capacity, @Nullable String name, Clock clock, @Nullable Executor waker) {
    if (capacity < 0 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity is " + capacity + ", must be 0 (rendezvous) to " + MAX_CAPACITY);
    }
    this.capacity = capacity;
    this.name = name;
    this.clock = clock;
    this.waker = waker;
    this.id = (long) NEXT_ID.getAndAdd(1L);
  }

  /**
   * A channel without a buffer: every send waits for its receiver.
   *
   * @param <T> what the channel carries
   * @return a channel that belongs to no scope
   */
  public static <T> Channel<T> rendezvous() {
    return of(0);
  }

  /**
   * A channel that holds up to {@code capacity} values.
   *
   * @param <T> what the channel carries
   * @param capacity 1 to {@link #MAX_CAPACITY}
   * @return a channel that belongs to no scope
   * @throws IllegalArgumentException {@code capacity} is less than 1, or too large
   */
  public static <T> Channel<T> buffered(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "capacity is " + capacity + ", a buffered channel has 1 or more");
    }
    return of(capacity);
  }

  /**
   * A channel of the given capacity.
   *
   * @param <T> what the channel carries
   * @param capacity 0 for a rendezvous, at most {@link #MAX_CAPACITY}
   * @return a channel that belongs to no scope
   * @throws IllegalArgumentException {@code capacity} is negative or too large
   */
  public static <T> Channel<T> of(int capacity) {
    return new Channel<>(capacity, null, Clock.system());
  }

  // Sending

  @Override
  public void send(T value) throws InterruptedException {
    Waiter offer = sendOrEnqueue(value);
    if (offer != null) {
      awaitResolved(offer, null);
      finishSend(offer);
    }
  }

  @Override
  public boolean trySend(T value) {
    Objects.requireNonNull(value, "null is not a value");
    lock();
    try {
      requireOpen();
      return deliver(value);
    } finally {
      unlockAndWake(waker);
    }
  }

  @Override
  public boolean trySend(T value, Duration limit) throws InterruptedException {
    if (!limit.isPositive()) {
      requireNotInterrupted();
      return trySend(value);
    }
    Waiter offer = sendOrEnqueue(value);
    if (offer != null) {
      if (!awaitResolved(offer, limit)) {
        return false;
      }
      finishSend(offer);
    }
    return true;
  }

  private @Nullable Waiter sendOrEnqueue(T value) throws InterruptedException {
    Objects.requireNonNull(value, "null is not a value");
    requireNotInterrupted();
    lock();
    try {
      requireOpen();
      if (deliver(value)) {
        return null;
      }
      Waiter offer = enqueueMine(true);
      offer.item = value;
      return offer;
    } finally {
      unlockAndWake();
    }
  }

  private void finishSend(Waiter offer) {
    boolean sent = offer.state == Waiter.DONE;
    offer.free();
    if (!sent) {
      throw closedException();
    }
  }

  // Receiving

  @Override
  public T receive() throws InterruptedException {
    T value = receiveOrNull();
    if (value == null) {
      throw closedException();
    }
    return value;
  }

  @Override
  public @Nullable T receiveOrNull() throws InterruptedException {
    return receive(null);
  }

  @Override
  public @Nullable T tryReceive() {
    lock();
    try {
      return take();
    } finally {
      unlockAndWake();
    }
  }

  @Override
  public @Nullable T tryReceive(Duration limit) throws InterruptedException {
    if (!limit.isPositive()) {
      requireNotInterrupted();
      return tryReceive();
    }
    return receive(limit);
  }

  private @Nullable T receive(@Nullable Duration limit) throws InterruptedException {
    requireNotInterrupted();
    Waiter offer;
    lock();
    try {
      T value = take();
      if (value != null || closed) {
        return value;
      }
      offer = enqueueMine(false);
    } finally {
      unlockAndWake();
    }
    if (!awaitResolved(offer, limit)) {
      return null;
    }
    T value = itemOf(offer);
    offer.free();
    return value;
  }

  @Override
  public int drainTo(Collection<? super T> into, int max) {
    Objects.requireNonNull(into);
    if (max < 0) {
      throw new IllegalArgumentException("max is " + max + ", must be 0 or more");
    }
    List<T> taken = new ArrayList<>(); // first here: what is added to may be anybody's code
    List<Thread> woken = List.of();
    lock();
    try {
      while (taken.size() < max) {
        T value = take();
        if (value == null) {
          break;
        }
        taken.add(value);
        woken = collectWake(woken);
      }
    } finally {
      unlockAndWake();
    }
    woken.forEach(LockSupport::unpark);
    into.addAll(taken);
    return taken.size();
  }

  // Ending

  @Override
  public void close() {
    if (!tryClose()) {
      throw new ChannelClosedException(this + " is closed already; close it once, by its sender");
    }
  }

  @Override
  public boolean tryClose() {
    List<Thread> woken = List.of();
    lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      Waiter offer = receivers != null ? receivers : senders;
      while (offer != null) {
        dequeue(offer);
        Thread thread = offer.thread;
        if (offer.resolve(Waiter.CLOSED)) {
          wake = offer.mustWake() ? thread : null;
          woken = collectWake(woken);
        }
        offer = receivers != null ? receivers : senders;
      }
    } finally {
      unlockAndWake();
    }
    woken.forEach(LockSupport::unpark);
    return true;
  }

  @Override
  public boolean isClosedForSend() {
    lock();
    boolean answer = closed;
    unlock();
    return answer;
  }

  @Override
  public boolean isClosedForReceive() {
    lock();
    boolean answer = closed && depth == 0;
    unlock();
    return answer;
  }

  // Looking

  /** {@return what the channel holds and has carried, at one instant} */
  public ChannelStats stats() {
    return read().stats();
  }

  Reading read() {
    lock();
    try {
      var stats =
          new ChannelStats(
              toString(),
              capacity,
              depth,
              sent,
              sent - depth,
              Waiter.count(senders),
              Waiter.count(receivers),
              closed);
      return new Reading(stats, offers);
    } finally {
      unlock();
    }
  }

  /**
   * What the channel is, and how many offers have been queued ever: as long as this stays, no wait
   * has begun.
   */
  record Reading(ChannelStats stats, int offers) {}

  /** The name that the scope gave it, or a number. */
  @Override
  public String toString() {
    return name != null ? name : "channel-" + id;
  }

  // The parts that run under the lock; Select uses them too.

  /**
   * Hands the value to a waiting receiver or puts it into the ring; false when neither is possible.
   */
  boolean deliver(Object value) {
    for (Waiter offer = receivers; offer != null; offer = receivers) {
      dequeue(offer);
      Thread thread = offer.thread;
      offer.item = value;
      if (offer.resolve(Waiter.DONE)) {
        wake = offer.mustWake() ? thread : null;
        sent++;
        return true;
      }
      offer.item = null;
    }
    if (depth == capacity) {
      return false;
    }
    append(value);
    return true;
  }

  /** Takes the first value, from the ring or from a waiting sender; null when there is none. */
  @SuppressWarnings("unchecked") // only values of T are ever put in
  @Nullable T take() {
    if (depth == 0) {
      Object value = takeFromSender();
      if (value != null) {
        sent++;
      }
      return (T) value;
    }
    @Nullable Object[] values = ring();
    @Nullable Object value = values[head];
    values[head] = null;
    head = head + 1 == capacity ? 0 : head + 1;
    depth--;
    Object moved = takeFromSender();
    if (moved != null) {
      append(moved);
    }
    return (T) value;
  }

  private @Nullable Object takeFromSender() {
    for (Waiter offer = senders; offer != null; offer = senders) {
      dequeue(offer);
      Thread thread = offer.thread;
      Object value = offer.item;
      if (offer.resolve(Waiter.DONE)) {
        wake = offer.mustWake() ? thread : null;
        return value;
      }
    }
    return null;
  }

  private void append(Object value) {
    @Nullable Object[] values = ring();
    int tail = head + depth;
    values[tail < capacity ? tail : tail - capacity] = value;
    depth++;
    sent++;
  }

  private @Nullable Object[] ring() {
    @Nullable Object[] values = ring;
    if (values == null) {
      values = new Object[capacity];
      ring = values; // as late as this, so that an idle channel is small
    }
    return values;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Whether a receive seems not to have to wait; without the lock, so that it is only a hint. To
   * read {@code lock} first makes what its last holder wrote visible.
   */
  boolean seemsReceivable() {
    return lock >= 0 && (depth > 0 || senders != null || closed);
  }

  /** As {@link #seemsReceivable}, for a send. */
  boolean seemsSendable() {
    return lock >= 0 && (depth < capacity || receivers != null || closed);
  }

  /** Queues an offer of this thread. */
  private Waiter enqueueMine(boolean sends) {
    Waiter last = sends ? lastSender : lastReceiver;
    Waiter offer = last == null ? null : last.successor;
    if (offer == null || !offer.isFree()) {
      offer = newOffer(last, sends);
    }
    if (sends) {
      lastSender = offer;
    } else {
      lastReceiver = offer;
    }
    offer.sends = sends;
    offer.spin = spin;
    offer.thread = Thread.currentThread();
    enqueue(offer);
    return offer;
  }

  /** Puts it into the ring behind {@code last} if the ring may grow; else it leads back there. */
  private Waiter newOffer(@Nullable Waiter last, boolean sends) {
    var offer = new Waiter(this, null);
    if (last == null) {
      offer.successor = offer;
    } else {
      offer.successor = last.successor;
      if ((sends ? keptSenders : keptReceivers) >= KEPT) {
        return offer;
      }
      last.successor = offer;
    }
    if (sends) {
      keptSenders++;
    } else {
      keptReceivers++;
    }
    return offer;
  }

  void enqueue(Waiter offer) {
    offers++;
    if (offer.sends) {
      senders = offer.enqueue(senders);
    } else {
      receivers = offer.enqueue(receivers);
    }
  }

  /** Takes the offer out of its queue, if it is still there. */
  boolean dequeue(Waiter offer) {
    if (!offer.queued) {
      return false;
    }
    if (offer.sends) {
      senders = offer.dequeue(senders);
    } else {
      receivers = offer.dequeue(receivers);
    }
    return true;
  }

  void requireOpen() {
    if (closed) {
      throw closedException();
    }
  }

  /** Not to be called with another channel's lock held: see {@link #lockSoon}. */
  @SuppressWarnings("ThreadPriorityCheck") // the holder may wait for this very processor
  void lock() {
    while (!lockSoon()) {
      Thread.yield();
    }
  }

  /** Takes the lock unless it stays held for longer than is usual. */
  boolean lockSoon() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (lock == 0 && LOCK.compareAndSet(this, 0, 1)) {
        return true;
      }
      for (int i = 0; i < BACKOFF; i++) {
        Thread.onSpinWait();
      }
    }
    return false;
  }

  void unlock() {
    LOCK.setRelease(this, 0);
  }

  void unlockAndWake() {
    unlockAndWake(null);
  }

  private void unlockAndWake(@Nullable Executor by) {
    Thread thread = wake;
    if (thread == null) {
      unlock();
      return;
    }
    wake = null;
    unlock();
    if (by == null) {
      LockSupport.unpark(thread);
    } else {
      by.execute(() -> LockSupport.unpark(thread));
    }
  }

  private List<Thread> collectWake(List<Thread> woken) {
    Thread thread = wake;
    if (thread == null) {
      return woken;
    }
    wake = null;
    List<Thread> all = woken.isEmpty() ? new ArrayList<>() : woken;
    all.add(thread);
    return all;
  }

  // Waiting, without the lock.

  /**
   * Parks until the offer is resolved.
   *
   * @return true when it is; false when the limit ran out first and the offer has been taken back
   * @throws InterruptedException the offer has been taken back
   */
  private boolean awaitResolved(Waiter offer, @Nullable Duration limit)
      throws InterruptedException {
    Deadline deadline = null;
    try {
      if (limit != null) {
        deadline = new Deadline(clock);
        deadline.start(limit);
      }
      if (spinUntilResolved(offer)) {
        return true;
      }
      offer.parks = true;
      while (offer.state == Waiter.WAITING) {
        if (Thread.interrupted()) {
          if (takeBack(offer)) {
            throw new InterruptedException("interrupted in " + offer);
          }
          Thread.currentThread()
              .interrupt(); // resolved meanwhile: it happened, and the interrupt stays
          return true;
        }
        if (deadline == null) {
          LockSupport.park(offer);
        } else if (!deadline.hasPassed()) {
          deadline.park(offer);
        } else if (takeBack(offer)) {
          return false;
        }
      }
      return true;
    } catch (RuntimeException | Error broken) { // a clock that throws, for instance
      if (takeBack(offer)) { // no offer outlives its call
        throw broken;
      }
      return true; // and no value is lost
    } finally {
      if (deadline != null) {
        deadline.release();
      }
    }
  }

  private boolean spinUntilResolved(Waiter offer) {
    int budget = offer.spin;
    for (int looks = Spin.looks(budget); looks > 0; looks--) {
      if (offer.state != Waiter.WAITING) {
        if (budget != Spin.found()) {
          spin = Spin.found();
        }
        return true;
      }
      Thread.onSpinWait();
    }
    spin = Spin.notFound(budget);
    return false;
  }

  private boolean takeBack(Waiter offer) {
    lock();
    boolean taken = dequeue(offer);
    unlock();
    if (taken) {
      offer.free(); // or the channel would keep its value and its thread alive
    }
    return taken;
  }

  @SuppressWarnings("unchecked") // only values of T are ever put in
  private @Nullable T itemOf(Waiter offer) {
    return (T) offer.item;
  }

  private ChannelClosedException closedException() {
    return new ChannelClosedException(this + " is closed");
  }

  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the operation began");
    }
  }
}
