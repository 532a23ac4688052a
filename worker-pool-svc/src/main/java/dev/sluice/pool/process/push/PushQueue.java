package dev.sluice.pool.process.push;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.QueueSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.UUID;

/**
 * What the dispatcher knows of one push queue: how many calls it may begin, and the jobs in hand
 * whose host has to have room first. It only keeps and counts; {@link PushQueues} decides.
 */
final class PushQueue {
  /** How often a job is looked past whose host is busy, when as many are held as may be. */
  static final Duration LOOK_PAST = Duration.ofMillis(50);

  /** {@link Hand#askAt} of one whose host is to be asked as soon as the queue has a call free. */
  static final long TURN = Long.MIN_VALUE;

  /** Calls that take no longer on average are short. */
  private static final Duration SHORT = Duration.ofMillis(100);

  final String name;
  final HostGates gates;
  final JobRate rate;
  private final SequencedSet<Hand> held = new LinkedHashSet<>();
  private QueueSettings settings;

  /** Whether it is not a push queue any more; what is in hand is still finished. */
  boolean isRemoved;

  /** Whether the queue had nothing when it was asked last. */
  boolean isDry;

  /** Whether the engine is being asked. */
  boolean isAsking;

  /** Whether something became ready while it was asked. */
  boolean again;

  /** What has become of its jobs while it was asked. */
  final Map<UUID, JobState> meanwhile = new HashMap<>();

  /** When the engine may be asked again, which has failed. */
  long askFrom;

  /** Calls that count as begun: those that run and those that wait for a worker. */
  int begun;

  int calls;

  /** How many jobs may be held whose host has no room. */
  int places;

  /** How many jobs were handed back since the queue was dry. */
  long lookedPast;

  private long nextLookPast;

  /** How long calls took on average; 0: there was none. */
  private long pace;

  PushQueue(String name, QueueSettings settings, Clock clock) {
    this.name = name;
    this.settings = settings;
    this.places = settings.workers();
    this.gates = new HostGates(settings, clock);
    this.rate = new JobRate(settings.rate(), clock);
    this.nextLookPast = clock.nanos();
    this.askFrom = clock.nanos();
  }

  QueueSettings settings() {
    return settings;
  }

  void change(QueueSettings to) {
    settings = to;
    gates.change(to);
    rate.change(to.rate());
    held.forEach(hand -> hand.askAt = TURN);
  }

  void ready() {
    isDry = false;
    again = true;
  }

  /** How many jobs to ask the engine for. */
  int wanted(long now) {
    if (isRemoved || isDry || isAsking || askFrom > now) {
      return 0;
    }
    int free = settings.workers() + ahead() - begun - waitingTheirTurn();
    free = Math.min(free, rate.available());
    if (isHoldingMany()) {
      free = Math.min(free, nextLookPast <= now ? 1 : 0);
    }
    return Math.max(0, free);
  }

  /** While calls are short, the next jobs are fetched before they end. */
  private int ahead() {
    return pace > 0 && pace <= SHORT.toNanos() ? settings.workers() : 0;
  }

  /** A call took so long; the last weighs an eighth of the average. */
  void callTook(long nanos) {
    long took = Math.max(1, nanos);
    pace = pace == 0 ? took : Math.max(1, pace + (took - pace) / 8);
  }

  /** When {@link #wanted} may be more by time; {@link Long#MAX_VALUE}: not so. */
  long next(long now) {
    boolean isBusy = begun >= settings.workers();
    long next = Long.MAX_VALUE;
    for (Hand hand : held) {
      boolean waits = isBusy && hand.askAt == TURN;
      next = Math.min(next, waits ? hand.heldUntil : Math.min(hand.askAt, hand.heldUntil));
    }
    if (isRemoved || isDry || isAsking) {
      return next;
    }
    long ask = Math.max(askFrom, now + rate.untilNext().toNanos());
    if (isHoldingMany()) {
      ask = Math.max(ask, nextLookPast);
    }
    return ask > now ? Math.min(next, ask) : next;
  }

  /** Whether as many are held whose host has no room as may be. */
  boolean isHoldingMany() {
    return blocked() >= places;
  }

  /** How many are held whose host has no room. */
  int blocked() {
    return held.size() - waitingTheirTurn();
  }

  /** How many are held whose host has not refused them. */
  int waitingTheirTurn() {
    return (int) held.stream().filter(hand -> hand.askAt == TURN).count();
  }

  void lookPast(long now) {
    nextLookPast = now + LOOK_PAST.toNanos();
  }

  void hold(Hand hand) {
    hand.askAt = TURN;
    held.add(hand);
  }

  void release(Hand hand) {
    held.remove(hand);
  }

  /** A call to the host has ended: the first that wait for it may be next. */
  void hostHasRoom(String host) {
    for (Hand hand : held) {
      if (hand.host.equals(host)) {
        hand.askAt = TURN;
      }
    }
  }

  List<Hand> held() {
    return new ArrayList<>(held);
  }

  int heldCount() {
    return held.size();
  }

  boolean isIdle() {
    return begun == 0 && held.isEmpty() && !isAsking;
  }
}
