package dev.sluice.csp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where processes live: each is started in a scope, and the scope ends when all of them have ended.
 * There is no other way to start one, so none is forgotten.
 *
 * <pre>{@code
 * try (var scope = Scope.open("orders")) {
 *   Channel<Order> inbox = scope.channel("inbox", 64);
 *   scope.start("reader", () -> read(inbox));
 *   scope.start("writer", () -> write(inbox));
 *   scope.join();
 * }
 * }</pre>
 *
 * <p>The first process that fails cancels the scope, and {@link #join} throws its failure, with
 * later ones suppressed on it. Cancelling closes {@link #done} and interrupts every process, also
 * one that selects: {@code done} is for those outside, and for processes that answer the interrupt
 * and go on to their end in order. A process that then ends with {@link InterruptedException} or
 * {@link CancellationException} has not failed.
 *
 * <p>Scopes nest. Cancelling reaches the scopes inside; waiting includes them. The failure of a
 * scope inside stays there, for its own {@link #join} or {@link #close} to throw, so that a
 * supervisor can answer it; if nobody has asked for it, the outer scope throws it.
 *
 * <p>A scope may be used by any thread. Processes run on virtual threads, but for those that {@link
 * #startOnPlatformThread} has started.
 */
public final class Scope implements AutoCloseable {
  private static final Map<Long, Scope> ROOTS = new ConcurrentSkipListMap<>();
  private static final AtomicLong NEXT_ROOT = new AtomicLong();

  /** How many scopes may stand one inside the other. */
  public static final int MAX_DEPTH = 256;

  /** What a process does. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs until the process has ended.
     *
     * @throws Exception the process fails, which cancels its scope
     */
    void run() throws Exception;
  }

  private final String name;
  private final @Nullable Scope parent;
  private final Clock clock;
  private final @Nullable Executor waker;
  private final Instant since;
  private final long root;
  private final int depth;
  private final Channel<Void> done;
  private final Thread opener;

  /** Guards all below, in all scopes of the tree. */
  private final Object tree;

  private final Set<Process> processes = new LinkedHashSet<>();
  private final Set<Scope> children = new LinkedHashSet<>();
  private final Map<String, Channel<?>> channels = new LinkedHashMap<>();
  private final Set<Channel<?>> ports = new HashSet<>();
  private final List<Thread> joining = new ArrayList<>(); // those that wait for the end
  private int alive; // processes here and in the scopes inside
  private boolean cancelled;
  private boolean closed;
  private @Nullable Throwable failure;
  private boolean failureIsThrown;
  private Clock.@Nullable Alarm deadline;

  private Scope(String name, @Nullable Scope parent, Clock clock, @Nullable Executor waker) {
    this.name = Objects.requireNonNull(name);
    this.parent = parent;
    this.clock = Objects.requireNonNull(clock);
    this.waker = waker;
    this.since = clock.instant();
    this.done = new Channel<>(0, name + ".done", clock);
    this.opener = Thread.currentThread();
    this.tree = parent == null ? new Object() : parent.tree;
    this.root = parent == null ? NEXT_ROOT.getAndIncrement() : parent.root;
    this.depth = parent == null ? 1 : parent.depth + 1;
  }

  /**
   * Opens a scope that lives by the machine's clock.
   *
   * @param name for the dump
   * @return the scope, to be closed by the caller
   */
  public static Scope open(String name) {
    return open(name, Clock.system());
  }

  /**
   * Opens a scope whose channels and deadline, and those of the scopes inside, go by the given
   * clock.
   *
   * @param name for the dump
   * @param clock where its time comes from
   * @return the scope, to be closed by the caller
   */
  public static Scope open(String name, Clock clock) {
    return open(name, clock, null);
  }

  /**
   * Opens a scope whose ports, and those of the scopes inside, are meant for the threads of an
   * event loop. When {@link SendChannel#trySend(Object) trySend} hands a value to a receiver that
   * waits, the receiver is not woken by that call but by {@code waker}: at the end of a round of
   * the event loop, say, so that it is woken once for all that the round has sent.
   *
   * @param name for the dump
   * @param clock where its time comes from
   * @param waker runs each task once and soon, on any thread; its {@code execute} does not throw
   * @return the scope, to be closed by the caller
   */
  public static Scope open(String name, Clock clock, @Nullable Executor waker) {
    var scope = new Scope(name, null, clock, waker);
    ROOTS.put(scope.root, scope);
    return scope;
  }

  /**
   * Opens a scope inside this one, with its clock.
   *
   * @param childName for the dump
   * @return the scope; closed with this one at the latest
   * @throws CancellationException this scope has been cancelled
   * @throws IllegalStateException the scope would stand deeper than {@value #MAX_DEPTH}
   */
  public Scope child(String childName) {
    synchronized (tree) {
      requireLive();
      if (depth == MAX_DEPTH) {
        throw new IllegalStateException(
            "scope "
                + name
                + " stands inside "
                + (depth - 1)
                + " others, no more can be opened in it");
      }
      var child = new Scope(childName, this, clock, waker);
      children.add(child);
      return child;
    }
  }

  /**
   * Starts a process.
   *
   * @param processName for the dump and the thread
   * @param body what the process does
   * @return the process, which runs already
   * @throws CancellationException the scope has been cancelled or closed; nothing was started
   */
  public Process start(String processName, Body body) {
    return start(processName, Thread.ofVirtual(), body);
  }

  /**
   * Starts a process as {@link #start} does, on a platform thread of its own: for the few that wait
   * in native code, such as one that writes a file through JNI, or must not depend on how the JDK
   * polls sockets. On a virtual thread a wait in native code holds the carrier, and with it a
   * processor's share of all other processes. It is a daemon thread, as virtual ones are. A wait
   * for a {@link java.net.Socket} does not end there by an interrupt, as it does on a virtual
   * thread: it needs a timeout.
   *
   * @param processName for the dump and the thread
   * @param body what the process does
   * @return the process, which runs already
   * @throws CancellationException the scope has been cancelled or closed; nothing was started
   */
  public Process startOnPlatformThread(String processName, Body body) {
    return start(processName, Thread.ofPlatform().daemon(), body);
  }

  private Process start(String processName, Thread.Builder kind, Body body) {
    Objects.requireNonNull(body);
    Process process;
    synchronized (tree) {
      requireLive();
      process = new Process(this, processName, clock.instant(), kind, body);
      processes.add(process);
      addAlive(1);
    }
    try {
      process.thread().start();
    } catch (Throwable notStarted) {
      ended(process, null);
      throw notStarted;
    }
    return process;
  }

  /**
   * Makes a channel with a name, which is listed with this scope as long as the scope is open. Its
   * time limits go by the scope's clock.
   *
   * <p>It is for the processes of this scope and of its tree, and for the threads that opened the
   * scopes of the tree: by this a dump tells a deadlock ({@link Stall}). A channel that other
   * threads use too is a {@link #port}.
   *
   * @param <T> what the channel carries
   * @param channelName unique among the scope's channels
   * @param capacity 0 for a rendezvous, at most {@link Channel#MAX_CAPACITY}
   * @return the channel
   * @throws IllegalArgumentException the name is taken, or the capacity is negative or too large
   * @throws IllegalStateException the scope is closed
   */
  public <T> Channel<T> channel(String channelName, int capacity) {
    return add(channelName, capacity, false);
  }

  /**
   * Makes a channel as {@link #channel} does, for a data-flow that comes from outside or goes
   * there: a thread that is no process uses the other end, such as an event loop or the handler of
   * a request. Who waits on a port waits for the world, and is never said to be in a deadlock. In
   * all else a port is a channel like any other.
   *
   * @param <T> what the channel carries
   * @param channelName unique among the scope's channels
   * @param capacity 0 for a rendezvous, at most {@link Channel#MAX_CAPACITY}
   * @return the channel
   * @throws IllegalArgumentException the name is taken, or the capacity is negative or too large
   * @throws IllegalStateException the scope is closed
   */
  public <T> Channel<T> port(String channelName, int capacity) {
    return add(channelName, capacity, true);
  }

  private <T> Channel<T> add(String channelName, int capacity, boolean port) {
    var channel =
        new Channel<T>(capacity, Objects.requireNonNull(channelName), clock, port ? waker : null);
    synchronized (tree) {
      if (closed) {
        throw new IllegalStateException("scope " + name + " is closed");
      }
      if (channels.putIfAbsent(channelName, channel) != null) {
        throw new IllegalArgumentException(
            "scope " + name + " has a channel named " + channelName + " already");
      }
      if (port) {
        ports.add(channel);
      }
    }
    return channel;
  }

  /**
   * Cancels the scope when the time has run out; {@link #join} then throws {@link
   * DeadlineExceededException}, unless all processes had ended.
   *
   * @param limit how long the scope may live, from now
   * @return this scope
   * @throws CancellationException it has been cancelled
   * @throws IllegalStateException it has a deadline already
   */
  public Scope deadline(Duration limit) {
    synchronized (tree) {
      requireLive();
      if (deadline != null) {
        throw new IllegalStateException("scope " + name + " has a deadline already");
      }
      deadline = clock.schedule(clock.nanos() + Deadline.nanos(limit), () -> deadlinePassed(limit));
    }
    return this;
  }

  /**
   * A channel for those that select: closed when the scope is cancelled.
   *
   * @return never carries a value
   */
  public ReceiveChannel<Void> done() {
    return done;
  }

  /**
   * Tells every process here and in the scopes inside to end. A second call does nothing. Does not
   * wait.
   */
  public void cancel() {
    synchronized (tree) {
      if (!cancelled) {
        cancelled = true;
        done.close();
        processes.forEach(process -> process.thread().interrupt());
        List.copyOf(children).forEach(Scope::cancel);
      }
    }
  }

  /**
   * Whether it has been cancelled.
   *
   * @return true after {@link #cancel}, a failure, its deadline, its parent's end, or {@link
   *     #close}
   */
  public boolean isCancelled() {
    synchronized (tree) {
      return cancelled;
    }
  }

  /**
   * Waits until all processes, here and in the scopes inside, have ended. Each call throws the
   * scope's failure, if there is one.
   *
   * @throws InterruptedException this thread was interrupted; the scope is as it was
   * @throws RuntimeException the first failure of a process; a checked one is wrapped in {@link
   *     ProcessFailedException}
   * @throws DeadlineExceededException the deadline cancelled the scope
   * @throws IllegalStateException called by a process of this scope, which would wait for itself
   */
  public void join() throws InterruptedException {
    Throwable thrown;
    synchronized (tree) {
      requireOutside();
      Thread waiter = Thread.currentThread();
      joining.add(waiter);
      try {
        while (alive > 0) {
          tree.wait();
        }
      } finally {
        joining.remove(waiter);
      }
      thrown = takeFailure(true);
    }
    rethrow(thrown);
  }

  /**
   * Cancels what still runs and waits until it has ended, however often this thread is interrupted
   * meanwhile. To let the processes finish, {@link #join} first. A second call does nothing.
   *
   * @throws RuntimeException as for {@link #join}, unless that has thrown the failure already
   * @throws IllegalStateException called by a process of this scope, which would wait for itself
   */
  @Override
  public void close() {
    Throwable thrown;
    synchronized (tree) {
      if (closed) {
        return;
      }
      requireOutside();
      cancel();
      awaitEndUninterruptibly();
      thrown = takeFailure(false);
      closeTree();
      if (parent == null) {
        ROOTS.remove(root);
      } else {
        parent.children.remove(this);
      }
    }
    rethrow(thrown);
  }

  /** {@return the name that it was opened with} */
  public String name() {
    return name;
  }

  /** {@return the clock of its channels and deadline} */
  public Clock clock() {
    return clock;
  }

  /** {@return when it was opened, by its clock} */
  public Instant since() {
    return since;
  }

  /**
   * The processes that have not ended.
   *
   * @return in the order of their start; those of the scopes inside not included
   */
  public List<Process> processes() {
    synchronized (tree) {
      return List.copyOf(processes);
    }
  }

  /** {@return the open scopes directly inside, in the order of their opening} */
  public List<Scope> children() {
    synchronized (tree) {
      return List.copyOf(children);
    }
  }

  /**
   * The channels made by {@link #channel} and {@link #port}.
   *
   * @return in the order of their making
   */
  public List<Channel<?>> channels() {
    synchronized (tree) {
      return List.copyOf(channels.values());
    }
  }

  /** The open scopes that are not inside another, in the order of their opening. */
  static List<Scope> roots() {
    return List.copyOf(ROOTS.values());
  }

  @Override
  public String toString() {
    return name;
  }

  /** All that a dump wants to know of this scope and those inside, at one instant. */
  ScopeLook look() {
    synchronized (tree) {
      return new ScopeLook(
          this,
          done,
          opener,
          List.copyOf(joining),
          cancelled,
          deadline != null && !cancelled,
          List.copyOf(channels.values()),
          Set.copyOf(ports),
          List.copyOf(processes),
          children.stream().map(Scope::look).toList());
    }
  }

  boolean runs(Process process) {
    synchronized (tree) {
      return processes.contains(process);
    }
  }

  /** A process has run to its end. */
  void ended(Process process, @Nullable Throwable thrown) {
    synchronized (tree) {
      if (thrown != null) {
        tell(process, thrown);
      }
      processes.remove(process);
      addAlive(-1);
    }
  }

  /** What is suppressed on a cancellation, by the close of a scope inside for one, is a failure. */
  private void tell(Process process, Throwable thrown) {
    if (isCancellation(process, thrown)) {
      for (Throwable beside : thrown.getSuppressed()) {
        tell(process, beside);
      }
    } else {
      fail(thrown);
    }
  }

  private boolean isCancellation(Process process, Throwable thrown) {
    return (cancelled || process.isCancelled())
        && (thrown instanceof InterruptedException || thrown instanceof CancellationException);
  }

  private void fail(Throwable thrown) {
    addFailure(thrown);
    cancel();
  }

  @SuppressWarnings("ReferenceEquality") // one failure can come by two ways
  private void addFailure(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    } else if (failure != thrown) {
      failure.addSuppressed(thrown);
    }
  }

  private void deadlinePassed(Duration limit) {
    synchronized (tree) {
      if (cancelled) {
        return;
      }
      if (alive > 0) {
        fail(new DeadlineExceededException("scope " + name + " did not end within " + limit));
      } else {
        cancel();
      }
    }
  }

  private void addAlive(int change) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      scope.alive += change;
      if (scope.alive == 0) {
        tree.notifyAll();
      }
    }
  }

  private void awaitEndUninterruptibly() {
    Thread waiter = Thread.currentThread();
    boolean interrupted = false;
    joining.add(waiter);
    while (alive > 0) {
      try {
        tree.wait();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    joining.remove(waiter);
    if (interrupted) {
      waiter.interrupt();
    }
  }

  /**
   * The failure here, {@code again} or only when there is something that nobody has been told of
   * yet. What nobody has asked the scopes inside for is a failure of this one from now on.
   */
  private @Nullable Throwable takeFailure(boolean again) {
    boolean untold = failure != null && !failureIsThrown;
    for (Scope child : children) {
      Throwable inside = child.takeFailure(false);
      if (inside != null) {
        addFailure(inside);
        untold = true;
      }
    }
    failureIsThrown = failure != null;
    return again || untold ? failure : null;
  }

  private void closeTree() {
    closed = true;
    if (deadline != null) {
      deadline.cancel();
    }
    children.forEach(Scope::closeTree);
    children.clear();
    channels.clear();
    ports.clear();
  }

  private void requireLive() {
    if (cancelled) {
      throw new CancellationException(
          "scope " + name + (closed ? " is closed" : " has been cancelled"));
    }
  }

  private void requireOutside() {
    if (isInside(Thread.currentThread())) {
      throw new IllegalStateException(
          "a process of scope " + name + " cannot wait for the scope's end");
    }
  }

  private boolean isInside(Thread thread) {
    for (Process process : processes) {
      if (process.thread() == thread) {
        return true;
      }
    }
    for (Scope child : children) {
      if (child.isInside(thread)) {
        return true;
      }
    }
    return false;
  }

  private void rethrow(@Nullable Throwable thrown) {
    if (thrown != null) {
      throw ProcessFailedException.unchecked(thrown, "a process of scope " + name);
    }
  }
}
