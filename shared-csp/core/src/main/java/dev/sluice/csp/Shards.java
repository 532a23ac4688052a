package dev.sluice.csp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keyed state at scale: N processes, each of which owns the keys that hash to it. A key is an entry
 * of its owner's map, not a thread, a timer or a channel of its own, so millions of them are cheap.
 *
 * <pre>
 *                            /--> [inbox 0] --> process 0, owns the keys of shardOf(key) = 0
 *   trySend(key, message) --+---> [inbox 1] --> process 1
 *                            \--> [inbox 2] --> process 2
 * </pre>
 *
 * <p>Each process takes all that waits in its inbox in one go, then lets its owner do what is due
 * by time, then waits for the next message or the next due instant, and beats its heart in every
 * round.
 *
 * @param <M> the messages; each carries the {@link Reply} it wants
 */
public final class Shards<M extends Shards.Message> {
  private static final int BATCH = 256;

  /** What can be sent to a shard. */
  public interface Message {
    /**
     * Tells whoever waits for the answer that there will be none. Does not throw.
     *
     * @param reason why there will be none
     */
    void fail(Throwable reason);
  }

  /**
   * What one shard does; called by its process only, so it owns its state without locks.
   *
   * @param <M> the messages
   */
  public interface Owner<M> {
    /**
     * Handles one message. What it throws is told to the message ({@link Message#fail}); the shard
     * goes on.
     *
     * @param message one whose key hashes to this shard
     */
    void handle(M message);

    /**
     * Does what is due by time; called after every batch and when the time it has answered last has
     * passed.
     *
     * @return how long until there is something to do; null when nothing is planned
     */
    @Nullable Duration tick();

    /** {@return whether nothing is left to finish, so that a closed shard may end} */
    boolean isIdle();
  }

  private final List<Channel<M>> inboxes;

  private Shards(List<Channel<M>> inboxes) {
    this.inboxes = inboxes;
  }

  /**
   * Starts the shards as processes of the scope, named {@code name-0}, {@code name-1}, ... as their
   * inboxes are.
   *
   * @param <M> the messages
   * @param scope where they live; by its clock they go
   * @param name what their names begin with
   * @param count how many; at least 1
   * @param inbox the capacity of each inbox: how many messages may wait
   * @param monitor watches their hearts
   * @param owners makes the owner of shard i
   * @return the shards, which run already
   * @throws IllegalArgumentException {@code count} is less than 1
   * @throws InterruptedException while registering with the monitor
   */
  public static <M extends Message> Shards<M> start(
      Scope scope,
      String name,
      int count,
      int inbox,
      HeartbeatMonitor monitor,
      IntFunction<? extends Owner<M>> owners)
      throws InterruptedException {
    if (count < 1) {
      throw new IllegalArgumentException(
          "the number of shards is " + count + ", must be 1 or more");
    }
    var inboxes = new ArrayList<Channel<M>>(count);
    for (int i = 0; i < count; i++) {
      String shard = name + "-" + i;
      Channel<M> channel = scope.port(shard, inbox); // event loops send
      Owner<M> owner = owners.apply(i);
      Heartbeat heartbeat = monitor.watch(shard);
      scope.start(
          shard,
          () -> {
            run(channel, owner, heartbeat, scope.clock());
            monitor.forget(heartbeat);
          });
      inboxes.add(channel);
    }
    return new Shards<>(List.copyOf(inboxes));
  }

  /**
   * Hands the message to the owner of the key. Does not wait: safe on an event loop.
   *
   * @param key whose hash chooses the shard
   * @param message what its owner is to handle
   * @return false when that shard's inbox is full
   * @throws ChannelClosedException {@link #close} has been called, or the shard has been cancelled
   */
  public boolean trySend(Object key, M message) {
    return trySendTo(shardOf(key), message);
  }

  /**
   * Hands the message to one shard, whatever its keys. Does not wait: safe on an event loop.
   *
   * @param shard its index, from 0 to {@link #count} - 1
   * @param message what it is to handle
   * @return false when its inbox is full
   * @throws ChannelClosedException as {@link #trySend}
   * @throws IndexOutOfBoundsException there is no such shard
   */
  public boolean trySendTo(int shard, M message) {
    return inboxes.get(shard).trySend(message);
  }

  /** {@return how many shards there are} */
  public int count() {
    return inboxes.size();
  }

  /**
   * Which shard owns a key.
   *
   * @param key whose hash chooses the shard
   * @return the shard's index
   */
  public int shardOf(Object key) {
    return shardOf(key, inboxes.size());
  }

  /**
   * Which of so many shards owns a key: its hash is spread over them evenly, also when its low bits
   * are poor.
   *
   * @param key whose hash chooses the shard
   * @param count how many shards there are
   * @return the shard's index
   */
  public static int shardOf(Object key, int count) {
    long spread = (key.hashCode() * 0x9E3779B9L) & 0xFFFFFFFFL; // Fibonacci hashing
    return (int) ((spread * count) >>> 32);
  }

  /**
   * Takes no more messages; what is in the inboxes is handled, then the processes end when their
   * owners are idle. A second call does nothing.
   */
  public void close() {
    inboxes.forEach(Channel::tryClose);
  }

  private static <M extends Message> void run(
      Channel<M> inbox, Owner<M> owner, Heartbeat heartbeat, Clock clock)
      throws InterruptedException {
    var select = Select.prioritised(clock);
    var next = select.receive(inbox);
    var alarm = new Alarm(clock);
    select.receive(alarm.channel());
    var batch = new ArrayList<M>(BATCH);
    boolean open = true;
    try {
      while (open || !owner.isIdle()) {
        if (select.await() != next) {
          alarm.hasRung();
        } else if (next.isClosed()) {
          open = false;
          next.from(null);
        } else {
          batch.add(next.value());
          inbox.drainTo(batch, BATCH - 1);
          batch.forEach(message -> handle(owner, message));
          batch.clear();
        }
        Duration wait = earlier(owner.tick(), heartbeat.interval());
        heartbeat.beat();
        alarm.within(wait); // last, so that who sees it set knows that all else is done
      }
    } finally {
      alarm.stop();
      abandon(inbox, batch);
    }
  }

  /**
   * Ends a shard's wait in time. To set a timer costs more than to handle a message, so one that
   * rings too early stays as it is.
   */
  private static final class Alarm {
    private final Clock clock;
    private final Timer timer;
    private boolean set = true;
    private long at;

    /** Rings at once. */
    Alarm(Clock clock) {
      this.clock = clock;
      this.at = clock.nanos();
      this.timer = Timer.start(Duration.ZERO, clock);
    }

    ReceiveChannel<Instant> channel() {
      return timer.channel();
    }

    void hasRung() {
      set = false;
    }

    /** Rings after that time at the latest. */
    void within(Duration limit) {
      long latest = clock.nanos() + Deadline.nanos(limit);
      if (!set || latest - at < 0) {
        timer.reset(limit);
        at = latest;
        set = true;
      }
    }

    void stop() {
      timer.stop();
    }
  }

  private static <M extends Message> void handle(Owner<M> owner, M message) {
    try {
      owner.handle(message);
    } catch (RuntimeException failure) {
      message.fail(failure);
    }
  }

  /** The process ends: nobody will answer what is still here, so say so. */
  private static <M extends Message> void abandon(Channel<M> inbox, List<M> batch) {
    inbox.tryClose();
    inbox.drainTo(batch, Integer.MAX_VALUE);
    if (!batch.isEmpty()) {
      var ended = new ChannelClosedException("the process " + inbox + " has ended");
      batch.forEach(message -> message.fail(ended));
    }
  }

  private static Duration earlier(@Nullable Duration a, Duration b) {
    return a != null && a.compareTo(b) < 0 ? a : b;
  }
}
