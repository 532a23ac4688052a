package dev.sluice.csp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process that watches others by their heartbeats: who misses two beats is stuck. It notices at
 * most two and a half intervals after the last beat.
 *
 * <pre>
 *   process --beat--> [1] --\
 *   process --beat--> [1] ---+--> monitor --pulse--> stuck()          asked by pulses()
 * </pre>
 */
public final class HeartbeatMonitor {
  /** How many missed beats make a process stuck. */
  public static final int MISSED_BEATS = 2;

  /** The shortest interval: a millisecond. */
  public static final Duration SHORTEST_INTERVAL = Duration.ofMillis(1);

  private static final int INBOX = 64;

  /**
   * What the monitor knows of a process.
   *
   * @param name the process's name
   * @param sinceLastBeat how long ago its last beat was, or since it is watched when there was none
   * @param stuck whether it has missed {@value #MISSED_BEATS} beats
   */
  public record Pulse(String name, Duration sinceLastBeat, boolean stuck) {}

  private sealed interface Message {
    record Watch(Heartbeat heartbeat) implements Message {}

    record Forget(Heartbeat heartbeat) implements Message {}

    record Ask(Reply<List<Pulse>> reply) implements Message {}
  }

  private final Clock clock;
  private final Duration interval;
  private final Channel<Message> inbox;
  private final Channel<Pulse> stuck;

  // Owned by the monitor's process.
  private final Map<Heartbeat, Watched> watched = new LinkedHashMap<>();

  private HeartbeatMonitor(Scope scope, String name, Duration interval) {
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "heartbeat interval is " + interval + ", must be " + SHORTEST_INTERVAL + " or more");
    }
    this.clock = scope.clock();
    this.interval = interval;
    this.inbox = scope.port(name, INBOX); // event loops ask
    this.stuck = scope.channel(name + ".stuck", INBOX);
  }

  /**
   * Starts a monitor as a process of the scope.
   *
   * @param scope where it lives; by its clock it goes
   * @param name the process's and its inbox's name
   * @param interval how often each watched process beats; a millisecond or more
   * @return the monitor, which runs already
   * @throws IllegalArgumentException {@code interval} is shorter
   */
  public static HeartbeatMonitor start(Scope scope, String name, Duration interval) {
    var monitor = new HeartbeatMonitor(scope, name, interval);
    scope.start(name, monitor::run);
    return monitor;
  }

  /**
   * Watches one more process, from now on.
   *
   * @param processName how {@link Pulse} names it
   * @return what the process beats
   * @throws InterruptedException while the monitor had more to do than it can take in
   */
  public Heartbeat watch(String processName) throws InterruptedException {
    var heartbeat = new Heartbeat(processName, interval, clock);
    inbox.send(new Message.Watch(heartbeat));
    return heartbeat;
  }

  /**
   * Watches it no longer: it has ended in good order.
   *
   * @param heartbeat what {@link #watch} has answered
   * @throws InterruptedException while the monitor had more to do than it can take in
   */
  public void forget(Heartbeat heartbeat) throws InterruptedException {
    inbox.send(new Message.Forget(heartbeat));
  }

  /**
   * Asks for the pulse of every watched process. Does not wait: safe on an event loop.
   *
   * @return the answer, which fails at once when the monitor has more to do than it can take in; a
   *     monitor that has ended never answers, so ask with a time limit
   */
  public Reply<List<Pulse>> pulses() {
    var reply = new Reply<List<Pulse>>();
    if (!inbox.trySend(new Message.Ask(reply))) {
      reply.fail(new IllegalStateException("the inbox of " + inbox + " is full"));
    }
    return reply;
  }

  /**
   * Where a process is named that has just become stuck; once until it beats again. When nobody
   * receives, the first {@value #INBOX} stay and later ones are seen in {@link #pulses} only.
   *
   * @return never ends
   */
  public ReceiveChannel<Pulse> stuck() {
    return stuck;
  }

  private void run() throws InterruptedException {
    try (var ticker = Ticker.every(interval.dividedBy(2), clock)) {
      var select = Select.fair(clock);
      var message = select.receive(inbox);
      select.receive(ticker.channel());
      while (true) {
        if (select.await() == message) {
          handle(message.value());
        } else {
          watched.values().forEach(this::check);
        }
      }
    }
  }

  private void handle(Message message) {
    switch (message) {
      case Message.Watch(Heartbeat heartbeat) ->
          watched.put(heartbeat, new Watched(heartbeat, clock.nanos()));
      case Message.Forget(Heartbeat heartbeat) -> watched.remove(heartbeat);
      case Message.Ask(Reply<List<Pulse>> reply) -> {
        var pulses = new ArrayList<Pulse>(watched.size());
        for (Watched each : watched.values()) {
          pulses.add(check(each));
        }
        reply.complete(List.copyOf(pulses));
      }
    }
  }

  private Pulse check(Watched each) {
    long now = clock.nanos(); // before the look, for a beat may come while this process is held up
    @Nullable Long beat = each.heartbeat.beats().tryReceive();
    if (beat != null) {
      each.last = beat;
      each.reported = false;
    }
    Duration age = Duration.ofNanos(Math.max(0, now - each.last));
    var pulse =
        new Pulse(
            each.heartbeat.name(), age, age.compareTo(interval.multipliedBy(MISSED_BEATS)) >= 0);
    if (pulse.stuck() && !each.reported) {
      each.reported = stuck.trySend(pulse);
    }
    return pulse;
  }

  /** One process under watch; owned by the monitor's process. */
  private static final class Watched {
    final Heartbeat heartbeat;
    long last;
    boolean reported;

    Watched(Heartbeat heartbeat, long since) {
      this.heartbeat = heartbeat;
      this.last = since;
    }
  }
}
