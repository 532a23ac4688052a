package dev.sluice.csp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first of several communications: one happens, all others leave no trace.
 *
 * <p>A select is built once and run in a loop by one process:
 *
 * <pre>{@code
 * var select = Select.fair();
 * var job = select.receive(jobs);
 * var stop = select.receive(scope.done());
 * while (select.await() != stop) {
 *   if (job.isClosed()) {
 *     break;
 *   }
 *   run(job.value());
 * }
 * }</pre>
 *
 * <p>Cases: {@link #receive}, {@link #send}, {@link #after} a duration, and {@link #otherwise}
 * (taken when nothing else is ready, so that {@link #await} does not wait). A case whose channel is
 * null never happens: a loop switches a case off and on with {@link ReceiveCase#from} and {@link
 * SendCase#to}. The receive case of a closed channel is always ready, and says so ({@link
 * ReceiveCase#isClosed}). A {@linkplain #fair() fair} select takes each of the ready cases with the
 * same probability, a {@linkplain #prioritised() prioritised} one the first ready in the order of
 * their making.
 *
 * <p><b>Algorithm.</b> Go's: all channels of the live cases are locked in one global order (and let
 * go again when one is not to be had soon, see {@link Channel} for why); if a case is ready it
 * happens there and then; else one offer a case is queued on its channel. The partner that first
 * wins the select's {@link #winner} by compare-and-set makes that case happen, then the select
 * takes its other offers back. No round allocates anything once each case has waited once.
 *
 * <p>Not safe for use by two threads at once.
 */
public final class Select {
  private static final VarHandle WINNER;

  static {
    try {
      WINNER = MethodHandles.lookup().findVarHandle(Select.class, "winner", Case.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Clock clock;
  private final boolean fair;
  private final @Nullable RandomGenerator random;
  private final List<ChannelCase> cases = new ArrayList<>();
  private @Nullable AfterCase after;
  private @Nullable OtherwiseCase otherwise;

  /** The number of live cases: so many elements of the next two count. */
  private int live;

  /** The live cases in the order in which their channels are locked. */
  private ChannelCase[] order = {};

  /** The live cases in the order in which they are tried. */
  private ChannelCase[] trial = {};

  /** Whether a case has changed its channel since {@link #order} was made. */
  private boolean orderIsStale;

  /** Who has won the present round: {@link #open} while it is to be had, null between rounds. */
  private volatile @Nullable Case winner;

  /** A {@link Spin} budget. */
  private int spin = Spin.INITIAL;

  private final Case open = new OpenRound(this);

  private Select(Clock clock, boolean fair, @Nullable RandomGenerator random) {
    this.clock = clock;
    this.fair = fair;
    this.random = random;
  }

  /** {@return a select that takes each of the ready cases with the same probability} */
  public static Select fair() {
    return fair(Clock.system());
  }

  /**
   * A fair select whose {@link #after} goes by the given clock.
   *
   * @param clock where the time comes from
   * @return a select without cases
   */
  public static Select fair(Clock clock) {
    return new Select(clock, true, null);
  }

  /**
   * A fair select whose choice among the ready cases is drawn from {@code random}, so that a test
   * can repeat it.
   *
   * @param clock where the time comes from
   * @param random drawn from in each {@link #await}, by its thread
   * @return a select without cases
   */
  public static Select fair(Clock clock, RandomGenerator random) {
    return new Select(clock, true, Objects.requireNonNull(random));
  }

  /**
   * A select that takes the first ready case in the order in which the cases were made.
   *
   * @return a select without cases
   */
  public static Select prioritised() {
    return prioritised(Clock.system());
  }

  /**
   * A prioritised select whose {@link #after} goes by the given clock.
   *
   * @param clock where the time comes from
   * @return a select without cases
   */
  public static Select prioritised(Clock clock) {
    return new Select(clock, false, null);
  }

  /**
   * Adds a case that receives from a channel.
   *
   * @param <T> what the channel carries
   * @param channel null switches the case off until {@link ReceiveCase#from}
   * @return the case, to compare with what {@link #await} answers
   */
  public <T> ReceiveCase<T> receive(@Nullable ReceiveChannel<T> channel) {
    return add(new ReceiveCase<>(this, (Channel<T>) channel));
  }

  /**
   * Adds a case that sends the value last given to {@link SendCase#value} to a channel.
   *
   * @param <T> what the channel carries
   * @param channel null switches the case off until {@link SendCase#to}
   * @return the case, to compare with what {@link #await} answers
   */
  public <T> SendCase<T> send(@Nullable SendChannel<T> channel) {
    return add(new SendCase<>(this, (Channel<T>) channel));
  }

  /**
   * Adds the case that happens when no other has for {@code limit}, counted from each call of
   * {@link #await}.
   *
   * @param limit zero or negative: as {@link #otherwise}; null switches the case off until {@link
   *     AfterCase#in}
   * @return the case, to compare with what {@link #await} answers
   * @throws IllegalStateException there is one already
   */
  public AfterCase after(@Nullable Duration limit) {
    if (after != null) {
      throw new IllegalStateException(
          "this select has an after case already; change its duration with in(...)");
    }
    after = new AfterCase(this, limit);
    return after;
  }

  /**
   * Adds the case that happens at once when no other is ready (Go's {@code default}).
   *
   * @return the case, to compare with what {@link #await} answers
   * @throws IllegalStateException there is one already
   */
  public OtherwiseCase otherwise() {
    if (otherwise != null) {
      throw new IllegalStateException("this select has an otherwise case already");
    }
    otherwise = new OtherwiseCase(this);
    return otherwise;
  }

  /**
   * Makes exactly one case happen, waiting for it, and answers which. With every case switched off
   * it waits until it is interrupted.
   *
   * @return the case that happened
   * @throws InterruptedException the thread was interrupted, before the call or while it waited; no
   *     case happened
   * @throws ChannelClosedException the chosen case sends on a closed channel
   * @throws IllegalStateException a live send case has no value
   */
  public Case await() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the select began");
    }
    prepare();
    Case happened = fair ? tryOneByOne() : null;
    return happened != null ? happened : awaitTogether();
  }

  /**
   * Tries what seems to be ready, each case under the lock of its channel only. Whichever of a fair
   * select's ready cases happens is right, so they need not be seen at one instant. If nothing is,
   * looks again for a moment, before anything is queued that must be taken back.
   */
  private @Nullable ChannelCase tryOneByOne() {
    int budget = spin;
    int looks = otherwise == null && waits() ? Spin.looks(budget) : 0;
    boolean looked = false;
    while (true) {
      for (int ready = findReady(); ready > 0; ready--) {
        ChannelCase happened = tryOneOf(ready);
        if (happened != null) {
          if (looked) {
            spin = Spin.found();
          }
          return happened;
        }
      }
      if (looks-- <= 0) {
        if (otherwise == null) {
          spin = Spin.notFound(budget);
        }
        return null;
      }
      looked = true;
      Thread.onSpinWait();
    }
  }

  /** Puts the cases that seem to be ready first among those to try; answers how many. */
  private int findReady() {
    int ready = 0;
    for (int i = 0; i < live; i++) {
      if (trial[i].seemsReady()) {
        swap(i, ready++);
      }
    }
    return ready;
  }

  /** Tries one of the first, each with the same probability; one that fails is put behind them. */
  private @Nullable ChannelCase tryOneOf(int ready) {
    int drawn = ready == 1 ? 0 : random().nextInt(ready);
    ChannelCase chosen = trial[drawn];
    Channel<?> channel = chosen.liveChannel();
    channel.lock();
    try {
      if (chosen.happens()) {
        return chosen;
      }
    } finally {
      channel.unlockAndWake();
    }
    swap(drawn, ready - 1);
    return null;
  }

  /** With all channels locked: takes what is ready, or else queues an offer a case and waits. */
  private Case awaitTogether() throws InterruptedException {
    if (fair) {
      shuffle();
    }
    Channel<?> chosen = null;
    lockAll();
    try {
      ChannelCase happened = tryReady();
      if (happened != null) {
        chosen = happened.channel;
        return happened;
      }
      if (otherwise != null) {
        return otherwise;
      }
      enqueueAll();
    } finally {
      unlock(live, chosen);
    }
    return awaitWinner();
  }

  /** Whether there is time to wait for a case. */
  private boolean waits() {
    return after == null || after.limit == null || after.limit.isPositive();
  }

  private <C extends ChannelCase> C add(C added) {
    cases.add(added);
    orderIsStale = true;
    return added;
  }

  /** Loops by index: an iterator would be allocated each round. */
  private void prepare() {
    for (int i = 0; i < cases.size(); i++) {
      cases.get(i).reset();
    }
    if (orderIsStale) {
      putInOrder();
    }
  }

  private void putInOrder() {
    if (order.length != cases.size()) {
      order = new ChannelCase[cases.size()];
      trial = new ChannelCase[cases.size()];
    }
    live = 0;
    for (int i = 0; i < cases.size(); i++) {
      ChannelCase each = cases.get(i);
      if (each.channel != null) {
        trial[live] = each;
        insertIntoOrder(each);
        live++;
      }
    }
    orderIsStale = false;
  }

  private void insertIntoOrder(ChannelCase added) {
    int place = live;
    while (place > 0 && order[place - 1].liveChannel().id > added.liveChannel().id) {
      order[place] = order[place - 1];
      place--;
    }
    order[place] = added;
  }

  /** So that of the cases that are ready each is equally likely to be tried first. */
  private void shuffle() {
    for (int i = 0; i < live - 1; i++) {
      swap(i, i + random().nextInt(live - i));
    }
  }

  private void swap(int one, int other) {
    if (one != other) {
      ChannelCase swapped = trial[other];
      trial[other] = trial[one];
      trial[one] = swapped;
    }
  }

  private RandomGenerator random() {
    return random != null ? random : ThreadLocalRandom.current();
  }

  @SuppressWarnings("ThreadPriorityCheck") // the holder may wait for this very processor
  private void lockAll() {
    int locked = 0;
    while (locked < live) {
      Channel<?> channel = order[locked].liveChannel();
      if (isRepeated(locked)) {
        locked++;
      } else if (locked == 0) {
        channel.lock();
        locked++;
      } else if (channel.lockSoon()) {
        locked++;
      } else {
        unlock(locked, null);
        locked = 0;
        Thread.yield();
      }
    }
  }

  /** Unlocks the first channels of the order, {@code chosen} last, whose partner is to be woken. */
  private void unlock(int locked, @Nullable Channel<?> chosen) {
    for (int i = 0; i < locked; i++) {
      Channel<?> channel = order[i].liveChannel();
      if (channel != chosen && !isRepeated(i)) {
        channel.unlock();
      }
    }
    if (chosen != null) {
      chosen.unlockAndWake();
    }
  }

  /** Whether the case stands in the order behind another on the same channel. */
  private boolean isRepeated(int place) {
    return place > 0 && order[place].channel == order[place - 1].channel;
  }

  private @Nullable ChannelCase tryReady() {
    for (int i = 0; i < live; i++) {
      if (trial[i].happens()) {
        return trial[i];
      }
    }
    return null;
  }

  private void enqueueAll() {
    if (winner != null) {
      throw new IllegalStateException("another thread waits in this " + this);
    }
    Thread owner = Thread.currentThread();
    winner = open;
    for (int i = 0; i < live; i++) {
      order[i].liveChannel().enqueue(order[i].offer(owner));
    }
  }

  private Case awaitWinner() throws InterruptedException {
    Case won = null;
    try {
      won = parkUntilWon();
    } finally {
      winner = null; // whoever comes now comes too late
      takeBackOffers(won);
    }
    if (won instanceof ChannelCase happened) {
      happened.finish();
    }
    return won;
  }

  private Case parkUntilWon() throws InterruptedException {
    Deadline deadline = after == null || after.limit == null ? null : after.deadline;
    boolean interrupted = false;
    try {
      if (after != null && after.limit != null) {
        after.deadline.start(after.limit);
      }
      while (winner == open) {
        if (Thread.interrupted()) {
          interrupted = true;
          if (WINNER.compareAndSet(this, open, null)) {
            throw new InterruptedException("interrupted in " + this);
          }
        } else if (deadline == null) {
          LockSupport.park(this);
        } else if (!deadline.hasPassed()) {
          deadline.park(this);
        } else {
          WINNER.compareAndSet(this, open, after);
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt(); // a case has happened, and the interrupt stays
      }
      return Objects.requireNonNull(winner);
    } catch (RuntimeException | Error broken) { // a clock that throws, for instance
      if (WINNER.compareAndSet(this, open, null)) {
        throw broken;
      }
      return Objects.requireNonNull(winner); // and no value is lost
    } finally {
      if (deadline != null) {
        deadline.release();
      }
    }
  }

  private void takeBackOffers(@Nullable Case won) {
    for (int i = 0; i < live; i++) {
      if (order[i] == won) {
        continue; // the winner has done that
      }
      Channel<?> channel = order[i].liveChannel();
      channel.lock();
      channel.dequeue(Objects.requireNonNull(order[i].offer));
      channel.unlock();
    }
  }

  /** The cases it waits on, for a dump: read by others, so they may be of another moment. */
  List<ChannelCase> waitingOn() {
    ChannelCase[] waiting = order;
    return Stream.of(waiting).limit(live).filter(Objects::nonNull).toList();
  }

  /** What a dump prints. */
  @Override
  public String toString() {
    var text = new StringBuilder("select");
    ChannelCase[] waiting = order;
    for (int i = 0; i < Math.min(live, waiting.length); i++) {
      text.append(i == 0 ? " " : " or ").append(waiting[i]);
    }
    return text.toString();
  }

  /**
   * One of the communications that a select waits for; {@link #await} answers the one that
   * happened.
   */
  public abstract static sealed class Case {
    private final Select select;

    private Case(Select select) {
      this.select = select;
    }

    Select select() {
      return select;
    }

    /** Makes this case the one that happens, if no other has; called by the partner. */
    boolean win() {
      return WINNER.compareAndSet(select, select.open, this);
    }
  }

  /** A case on a channel. */
  public abstract static sealed class ChannelCase extends Case {
    @Nullable Channel<?> channel;
    @Nullable Waiter offer;

    private ChannelCase(Select select, @Nullable Channel<?> channel) {
      super(select);
      this.channel = channel;
    }

    final Channel<?> liveChannel() {
      return Objects.requireNonNull(channel);
    }

    final void change(@Nullable Channel<?> to) {
      if (channel != to) {
        channel = to;
        select().orderIsStale = true;
      }
    }

    /** Forgets the round before. */
    abstract void reset();

    /** Whether it could happen now, as far as can be seen without the channel's lock. */
    abstract boolean seemsReady();

    /** Happens now if it can; under the channel's lock. */
    abstract boolean happens();

    /** The offer to queue for this round; under the channel's lock. */
    abstract Waiter offer(Thread owner);

    /** Takes over what the partner left in the offer. */
    abstract void finish();

    final Waiter freshOffer(Thread owner, boolean sends) {
      Waiter kept = offer;
      if (kept == null || kept.channel != channel) {
        kept = new Waiter(liveChannel(), this);
        kept.sends = sends;
        offer = kept;
      }
      kept.thread = owner;
      return kept;
    }
  }

  /**
   * Receives from a channel.
   *
   * @param <T> what the channel carries
   */
  public static final class ReceiveCase<T> extends ChannelCase {
    private @Nullable T value;
    private boolean closed;

    private ReceiveCase(Select select, @Nullable Channel<T> channel) {
      super(select, channel);
    }

    /**
     * The value received when this case happened.
     *
     * @return the value
     * @throws ChannelClosedException it happened because the channel is closed
     * @throws IllegalStateException it is not the case that happened last
     */
    public T value() {
      if (value == null) {
        throw closed
            ? new ChannelClosedException(channel + " is closed")
            : new IllegalStateException("the case " + this + " has not happened");
      }
      return value;
    }

    /**
     * As {@link #value}, but without an exception.
     *
     * @return the value; null when the channel is closed or the case has not happened
     */
    public @Nullable T valueOrNull() {
      return value;
    }

    /**
     * Whether this case happened because of the end of the channel.
     *
     * @return true when the channel is closed and all its values are received
     */
    public boolean isClosed() {
      return closed;
    }

    /**
     * From now on receives from another channel.
     *
     * @param other null switches the case off
     */
    public void from(@Nullable ReceiveChannel<T> other) {
      change((Channel<T>) other);
    }

    @Override
    void reset() {
      value = null;
      closed = false;
    }

    @Override
    boolean seemsReady() {
      return liveChannel().seemsReceivable();
    }

    @Override
    @SuppressWarnings("unchecked") // the channel is a Channel<T>
    boolean happens() {
      Channel<?> source = liveChannel();
      value = (T) source.take();
      closed = value == null && source.isClosed();
      return value != null || closed;
    }

    @Override
    Waiter offer(Thread owner) {
      Waiter fresh = freshOffer(owner, false);
      fresh.item = null;
      return fresh;
    }

    @Override
    @SuppressWarnings("unchecked") // the channel is a Channel<T>
    void finish() {
      Waiter resolved = Objects.requireNonNull(offer);
      closed = resolved.state == Waiter.CLOSED;
      value = (T) resolved.item;
      resolved.item = null;
    }

    @Override
    public String toString() {
      return "receive from " + channel;
    }
  }

  /**
   * Sends to a channel.
   *
   * @param <T> what the channel carries
   */
  public static final class SendCase<T> extends ChannelCase {
    private @Nullable T value;

    private SendCase(Select select, @Nullable Channel<T> channel) {
      super(select, channel);
    }

    /**
     * Sets what to send when this case happens.
     *
     * @param next not null; stays until it is replaced
     * @return this case
     */
    public SendCase<T> value(T next) {
      value = Objects.requireNonNull(next, "null is not a value");
      return this;
    }

    /**
     * From now on sends to another channel.
     *
     * @param other null switches the case off
     */
    public void to(@Nullable SendChannel<T> other) {
      change((Channel<T>) other);
    }

    @Override
    void reset() {
      if (channel != null && value == null) {
        throw new IllegalStateException(
            "no value to send on " + channel + "; give one with value(...), or switch off");
      }
    }

    @Override
    boolean seemsReady() {
      return liveChannel().seemsSendable();
    }

    @Override
    boolean happens() {
      Channel<?> target = liveChannel();
      target.requireOpen();
      return target.deliver(Objects.requireNonNull(value));
    }

    @Override
    Waiter offer(Thread owner) {
      Waiter fresh = freshOffer(owner, true);
      fresh.item = value;
      return fresh;
    }

    @Override
    void finish() {
      Waiter resolved = Objects.requireNonNull(offer);
      resolved.item = null;
      if (resolved.state == Waiter.CLOSED) {
        throw new ChannelClosedException(channel + " is closed");
      }
    }

    @Override
    public String toString() {
      return "send on " + channel;
    }
  }

  /** Happens when no other case has for a while. */
  public static final class AfterCase extends Case {
    private final Deadline deadline;
    private @Nullable Duration limit;

    private AfterCase(Select select, @Nullable Duration limit) {
      super(select);
      this.deadline = new Deadline(select.clock);
      this.limit = limit;
    }

    /**
     * From now on happens after another duration, counted from each {@link Select#await}.
     *
     * @param other null switches the case off
     */
    public void in(@Nullable Duration other) {
      limit = other;
    }
  }

  /** Happens at once when no other case is ready. */
  public static final class OtherwiseCase extends Case {
    private OtherwiseCase(Select select) {
      super(select);
    }
  }

  /** Stands for "nobody yet" in {@link Select#winner}. */
  private static final class OpenRound extends Case {
    private OpenRound(Select select) {
      super(select);
    }
  }
}
