package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.csp.ProcessFailedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The process that keeps others running: one that fails is started again, and so is one that hangs,
 * after it has been cancelled. Each child is on its own: what happens to one does not touch the
 * others (one-for-one).
 *
 * <pre>
 *   supervisor --starts--> scope a#1: process a --beat--> monitor --stuck--> supervisor
 *       ^                                                                        |
 *       |                              cancels a#1, pauses, starts a#2 ----------+
 *       +--ended-- warden of a, which waits for the end of a#1
 * </pre>
 *
 * <p>A child beats its {@link Heartbeat} at least once an interval. Who misses two beats is stuck,
 * and is cancelled, at most two and a half intervals after its last one. It then has the grace
 * period to end; who does not is reported ({@link Event.Overdue}). A child is never started again
 * before it has ended: no two of its incarnations run at the same time, so what it owns has one
 * owner. Code that ignores its interrupt therefore stays down until it returns.
 *
 * <p>When a child has failed more often than {@link RestartPolicy#limit} allows, restarting does
 * not help: the supervisor cancels the other children, waits for their end and fails with {@link
 * RestartLimitExceededException}, so that whoever supervises its scope decides.
 *
 * <p>It ends when all its children have ended for good. Cancelling its scope ends all of them. When
 * somebody else cancels the scope of its children, it fails with {@link CancellationException}.
 */
public final class Supervisor {
  private static final int INBOX = 64;

  /**
   * What a child does.
   *
   * @see Scope.Body
   */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs one incarnation of the child, from the beginning.
     *
     * @param heart beaten in each round; the child waits for nothing longer than its interval
     * @throws Exception the incarnation has failed
     */
    void run(Heartbeat heart) throws Exception;
  }

  /** Which ends of a child are answered by a restart. */
  public enum Restart {
    /** All: it is to run always. */
    PERMANENT,
    /** Failures, and getting stuck; when it returns it has finished. */
    TRANSIENT,
    /** None. */
    TEMPORARY
  }

  /**
   * One to be supervised.
   *
   * @param name of its process; no other child of the supervisor has it
   * @param restart when to start it again
   * @param body what it does; called once an incarnation
   */
  public record Child(String name, Restart restart, Body body) {
    /** Checks that nothing is null. */
    public Child {
      Objects.requireNonNull(name);
      Objects.requireNonNull(restart);
      Objects.requireNonNull(body);
    }
  }

  /**
   * How it supervises.
   *
   * @param heartbeat how often each child beats; a millisecond or more
   * @param grace how long a child that is stuck may take to end, before that is reported; more than
   *     0
   * @param restarts how often and after which pause a child is started again
   */
  public record Settings(Duration heartbeat, Duration grace, RestartPolicy restarts) {
    /**
     * Checks the terms.
     *
     * @throws IllegalArgumentException names the term, its value and what is allowed
     */
    public Settings {
      Require.positive(heartbeat, "heartbeat");
      if (heartbeat.compareTo(HeartbeatMonitor.SHORTEST_INTERVAL) < 0) {
        throw new IllegalArgumentException(
            "heartbeat is "
                + heartbeat
                + ", must be "
                + HeartbeatMonitor.SHORTEST_INTERVAL
                + " or more");
      }
      Require.positive(grace, "grace");
      Objects.requireNonNull(restarts);
    }
  }

  /** What happens to a child. */
  public sealed interface Event {
    /** {@return the name of the child} */
    String child();

    /** {@return which of its lives, from 1} */
    int incarnation();

    /**
     * It runs.
     *
     * @param child its name
     * @param incarnation which of its lives
     */
    record Started(String child, int incarnation) implements Event {}

    /**
     * It has missed two beats, and is cancelled.
     *
     * @param child its name
     * @param incarnation which of its lives
     * @param sinceLastBeat for how long it has not beaten
     */
    record Stuck(String child, int incarnation, Duration sinceLastBeat) implements Event {}

    /**
     * It was stuck and cancelled, and has not ended within the grace period.
     *
     * @param child its name
     * @param incarnation which of its lives
     */
    record Overdue(String child, int incarnation) implements Event {}

    /**
     * It has ended.
     *
     * @param child its name
     * @param incarnation which of its lives
     * @param failure what it threw; null when it returned or was cancelled
     * @param restartIn the pause before its next life; null when there is none
     */
    record Ended(
        String child, int incarnation, @Nullable Throwable failure, @Nullable Duration restartIn)
        implements Event {}
  }

  /** What a child does at present. */
  public enum State {
    /** It runs. */
    RUNNING,
    /** It was stuck and has been cancelled, and has not ended yet. */
    ENDING,
    /** It has ended and will be started again. */
    PAUSING,
    /** It has ended for good. */
    ENDED
  }

  /**
   * How a child is.
   *
   * @param name its name
   * @param state what it does
   * @param incarnation which of its lives this is, or was
   * @param sinceLastBeat how long ago its last beat was; null when it does not run
   */
  public record Status(
      String name, State state, int incarnation, @Nullable Duration sinceLastBeat) {}

  private sealed interface Message {
    record Ended(Ward ward, @Nullable Throwable failure) implements Message {}

    record Ask(Reply<List<Status>> reply) implements Message {}
  }

  private final Scope scope;
  private final String name;
  private final Settings settings;
  private final Clock clock;
  private final Consumer<? super Event> events;
  private final Channel<Message> inbox;

  // Owned by the supervisor's process.
  private final List<Ward> wards;

  private Supervisor(
      Scope scope,
      String name,
      Settings settings,
      List<Child> children,
      Consumer<? super Event> events) {
    this.scope = scope;
    this.name = name;
    this.settings = Objects.requireNonNull(settings);
    this.clock = scope.clock();
    this.events = Objects.requireNonNull(events);
    this.inbox = scope.port(name, INBOX); // event loops ask
    this.wards = children.stream().map(Ward::new).toList();
  }

  /**
   * Starts a supervisor and its children, as processes of the scope and of scopes inside.
   *
   * @param scope where they live; by its clock they go
   * @param name the supervisor's and its inbox's name
   * @param settings how it supervises
   * @param children whom; started in this order
   * @param events learns what happens, in order, on the supervisor's process; must not wait, and
   *     what it throws fails the supervisor
   * @return the supervisor, which runs already
   * @throws IllegalArgumentException two children have the same name, or the supervisor's name is
   *     taken
   * @throws CancellationException the scope has been cancelled
   */
  public static Supervisor start(
      Scope scope,
      String name,
      Settings settings,
      List<Child> children,
      Consumer<? super Event> events) {
    var names = new HashSet<String>();
    for (Child child : children) {
      if (!names.add(child.name())) {
        throw new IllegalArgumentException(
            "two children are named " + child.name() + ", each must have a name of its own");
      }
    }
    var supervisor = new Supervisor(scope, name, settings, children, events);
    scope.start(name, supervisor::run);
    return supervisor;
  }

  /**
   * Asks how the children are. Does not wait: safe on an event loop.
   *
   * @return the answer, in the order in which they were given; it fails with {@link
   *     IllegalStateException} when the supervisor has ended or has more to do than it can take in
   */
  public Reply<List<Status>> children() {
    var reply = new Reply<List<Status>>();
    try {
      if (!inbox.trySend(new Message.Ask(reply))) {
        reply.fail(new IllegalStateException("the inbox of " + inbox + " is full"));
      }
    } catch (ChannelClosedException ended) {
      reply.fail(hasEnded());
    }
    return reply;
  }

  private void run() throws InterruptedException {
    try (var family = scope.child(name + ".children")) {
      var monitor = HeartbeatMonitor.start(family, name + ".hearts", settings.heartbeat());
      supervise(family, monitor);
    } finally {
      inbox.close();
      refuseQuestions();
    }
  }

  private void supervise(Scope family, HeartbeatMonitor monitor) throws InterruptedException {
    for (Ward ward : wards) {
      start(ward, family, monitor);
    }
    var select = Select.fair(clock);
    var message = select.receive(inbox);
    var stuck = select.receive(monitor.stuck());
    var over = select.receive(family.done());
    var due = select.after(null);
    while (!wards.stream().allMatch(ward -> ward.state == State.ENDED)) {
      due.in(untilDue());
      var happened = select.await();
      if (happened == message) {
        handle(message.value(), monitor);
      } else if (happened == stuck) {
        cancel(stuck.value());
      } else if (happened == over) {
        throw new CancellationException("the children of " + name + " have been cancelled");
      }
      doDue(family, monitor);
    }
  }

  // The life of a child

  private void start(Ward ward, Scope family, HeartbeatMonitor monitor)
      throws InterruptedException {
    ward.incarnation++;
    String life = ward.child.name() + "#" + ward.incarnation;
    Heartbeat heart = monitor.watch(life);
    Scope inside = family.child(life);
    ward.state = State.RUNNING;
    ward.heart = heart;
    ward.life = inside;
    events.accept(new Event.Started(ward.child.name(), ward.incarnation));
    inside.start(ward.child.name(), () -> ward.child.body().run(heart));
    family.start(ward.child.name() + ".warden", () -> guard(ward, inside));
  }

  /** The warden: waits for the end of one life, and says how it came. */
  private void guard(Ward ward, Scope life) throws Exception {
    Throwable failure = awaitEnd(life);
    try {
      inbox.send(new Message.Ended(ward, failure));
    } catch (InterruptedException cancelled) {
      if (failure instanceof Exception exception) {
        throw exception; // nobody is there any more to be told
      }
      if (failure instanceof Error error) {
        throw error;
      }
      throw cancelled;
    }
  }

  private static @Nullable Throwable awaitEnd(Scope life) throws InterruptedException {
    try {
      life.join();
      return null;
    } catch (ProcessFailedException wrapped) {
      return Objects.requireNonNullElse(wrapped.getCause(), wrapped);
    } catch (RuntimeException | Error failure) { // of every kind: it is the child's
      return failure;
    } finally {
      life.close(); // when the warden is cancelled: throws what the child then fails with
    }
  }

  /** A pulse may have been on its way when the child ended; then it is of a life that is over. */
  private void cancel(Pulse pulse) {
    for (Ward ward : wards) {
      if (ward.state == State.RUNNING && ward.heart().name().equals(pulse.name())) {
        ward.state = State.ENDING;
        ward.dueAt = clock.nanos() + settings.grace().toNanos();
        ward.isOverdue = false;
        events.accept(new Event.Stuck(ward.child.name(), ward.incarnation, pulse.sinceLastBeat()));
        ward.life().cancel();
      }
    }
  }

  private void handle(Message message, HeartbeatMonitor monitor) throws InterruptedException {
    switch (message) {
      case Message.Ended(Ward ward, Throwable failure) -> {
        monitor.forget(ward.heart());
        ended(ward, failure);
      }
      case Message.Ask(Reply<List<Status>> reply) -> answer(reply, monitor);
    }
  }

  private void ended(Ward ward, @Nullable Throwable failure) {
    boolean wasStuck = ward.state == State.ENDING;
    ward.heart = null;
    ward.life = null;
    if (isOver(ward.child.restart(), wasStuck || failure != null)) {
      ward.state = State.ENDED;
      events.accept(new Event.Ended(ward.child.name(), ward.incarnation, failure, null));
      return;
    }
    Duration pause = planRestart(ward, failure, wasStuck);
    ward.state = State.PAUSING;
    ward.dueAt = clock.nanos() + pause.toNanos();
    events.accept(new Event.Ended(ward.child.name(), ward.incarnation, failure, pause));
  }

  private static boolean isOver(Restart restart, boolean failed) {
    return switch (restart) {
      case PERMANENT -> false;
      case TRANSIENT -> !failed;
      case TEMPORARY -> true;
    };
  }

  private Duration planRestart(Ward ward, @Nullable Throwable failure, boolean wasStuck) {
    RestartPolicy policy = settings.restarts();
    long now = clock.nanos();
    while (!ward.ends.isEmpty() && now - ward.ends.getFirst() >= policy.within().toNanos()) {
      ward.ends.removeFirst();
    }
    if (ward.ends.size() >= policy.limit()) {
      events.accept(new Event.Ended(ward.child.name(), ward.incarnation, failure, null));
      throw new RestartLimitExceededException(
          "child "
              + ward.child.name()
              + (wasStuck ? " got stuck" : failure == null ? " ended" : " failed")
              + " after "
              + ward.ends.size()
              + " restarts within "
              + policy.within(),
          failure);
    }
    ward.ends.addLast(now);
    return policy.pause(ward.ends.size());
  }

  // What is due by time

  private void doDue(Scope family, HeartbeatMonitor monitor) throws InterruptedException {
    for (Ward ward : wards) {
      if (ward.hasPlan() && ward.dueAt - clock.nanos() <= 0) {
        if (ward.state == State.PAUSING) {
          start(ward, family, monitor);
        } else {
          ward.isOverdue = true;
          events.accept(new Event.Overdue(ward.child.name(), ward.incarnation));
        }
      }
    }
  }

  /** Null when nothing is planned. */
  private @Nullable Duration untilDue() {
    Duration next = null;
    for (Ward ward : wards) {
      if (ward.hasPlan()) {
        Duration until = Duration.ofNanos(Math.max(0, ward.dueAt - clock.nanos()));
        next = next == null || until.compareTo(next) < 0 ? until : next;
      }
    }
    return next;
  }

  // From outside

  private void answer(Reply<List<Status>> reply, HeartbeatMonitor monitor)
      throws InterruptedException {
    try {
      reply.complete(statuses(monitor.pulses().await()));
    } catch (IllegalStateException busy) { // the monitor has many new children to take in
      reply.fail(busy);
    }
  }

  private List<Status> statuses(List<Pulse> pulses) {
    var statuses = new ArrayList<Status>(wards.size());
    for (Ward ward : wards) {
      Duration sinceLastBeat = null;
      for (Pulse pulse : pulses) {
        if (ward.heart != null && ward.heart.name().equals(pulse.name())) {
          sinceLastBeat = pulse.sinceLastBeat();
        }
      }
      statuses.add(new Status(ward.child.name(), ward.state, ward.incarnation, sinceLastBeat));
    }
    return List.copyOf(statuses);
  }

  private void refuseQuestions() {
    List<Message> rest = new ArrayList<>();
    inbox.drainTo(rest, Integer.MAX_VALUE);
    for (Message message : rest) {
      if (message instanceof Message.Ask(Reply<List<Status>> reply)) {
        reply.fail(hasEnded());
      }
    }
  }

  private IllegalStateException hasEnded() {
    return new IllegalStateException("the supervisor " + name + " has ended");
  }

  /** One child as the supervisor knows it; owned by its process. */
  private static final class Ward {
    final Child child;
    State state = State.PAUSING;
    int incarnation;
    @Nullable Heartbeat heart;
    @Nullable Scope life;

    /** When a restart is due, or the grace period ends. */
    long dueAt;

    boolean isOverdue;

    /** The instants of its latest ends that were answered by a restart; at most the limit. */
    final ArrayDeque<Long> ends = new ArrayDeque<>();

    Ward(Child child) {
      this.child = child;
    }

    boolean hasPlan() {
      return state == State.PAUSING || (state == State.ENDING && !isOverdue);
    }

    Heartbeat heart() {
      return Objects.requireNonNull(heart);
    }

    Scope life() {
      return Objects.requireNonNull(life);
    }
  }
}
