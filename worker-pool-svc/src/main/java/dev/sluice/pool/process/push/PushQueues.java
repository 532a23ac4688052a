package dev.sluice.pool.process.push;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.process.PoolSettings;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.Jobs;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hands the jobs of push queues to the workers, as fast as workers, queues and hosts allow. Jobs
 * stay in the engine until a call for them may begin: of a queue no more are leased than it has
 * free calls, while calls are short as many again that are next, and of all queues no more than
 * twice as many as there are workers.
 *
 * <pre>
 *   engine --lease--> HELD --host has room--> READY --worker is free--> CALLING --end--> engine
 *               \______________________________/
 * </pre>
 *
 * <p>A leased job whose host is busy, or may be called again shortly, is held in hand, as many in a
 * queue as it has calls, in all that have such jobs twice as many as there are workers (but one in
 * each), and for {@link #HOLD} at most; more are handed back for a while, so that those for other
 * hosts come forward. The engine's work for that is bounded: {@link PushQueue#LOOK_PAST}.
 *
 * <p>Owned by the dispatcher.
 */
public final class PushQueues {
  /** How long a job waits in hand for its call at most; its lease is so much longer. */
  public static final Duration HOLD = Duration.ofSeconds(30);

  /** What a lease has beyond all that is known to take time. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** How long a job is left in the engine that there was no place to hold. */
  private static final Duration AWAY = Duration.ofSeconds(1);

  /** How soon an outcome is told again that the engine has not taken. */
  private static final Duration AGAIN = Duration.ofMillis(100);

  private static final int IN_HAND_PER_WORKER = 4;

  /** Of those in hand, how many may be held whose host has no room; all queues together. */
  private static final int HELD_PER_WORKER = 2;

  private static final int OPEN_SHOWN = 100;

  private final JobStore store;
  private final Clock clock;
  private final EpochClock time;
  private final PoolSettings settings;
  private final Map<String, PushQueue> queues = new HashMap<>();

  /** Which of them is asked for first; another one each time. */
  private final List<PushQueue> turns = new ArrayList<>();

  private final Map<UUID, Hand> inHand = new HashMap<>();
  private final Queue<Hand> ready = new ArrayDeque<>();
  private final List<Unsaved> unsaved = new ArrayList<>();

  private int asking;
  private int asked;
  private int calling;
  private boolean draining;
  private boolean handingBack;

  private long leased;
  private long handedBack;
  private long callsMade;
  private long callNanos;

  /** An outcome that the engine has not taken, and when to tell it again. */
  private record Unsaved(LeasedJob job, Verdict verdict, long at) {}

  /**
   * Without queues yet.
   *
   * @param clock by which it goes
   * @param time the same, as the engine sees it
   */
  public PushQueues(JobStore store, Clock clock, EpochClock time, PoolSettings settings) {
    this.store = store;
    this.clock = clock;
    this.time = time;
    this.settings = settings;
  }

  /** These are all push queues there are, from now on. */
  public void set(Map<String, QueueSettings> all) {
    for (PushQueue queue : queues.values()) {
      queue.isRemoved = !all.containsKey(queue.name);
    }
    all.forEach((name, to) -> {
      PushQueue queue = queues.get(name);
      if (queue == null) {
        queue = new PushQueue(name, to, clock);
        queues.put(name, queue);
        turns.add(queue);
      } else if (!queue.settings().equals(to)) {
        queue.change(to);
      }
    });
    forgetRemoved();
  }

  private void forgetRemoved() {
    turns.removeIf(queue -> queue.isRemoved && queue.isIdle());
    queues.values().removeIf(queue -> queue.isRemoved && queue.isIdle());
  }

  /** The queue may have jobs. */
  public void ready(String queue) {
    PushQueue known = queues.get(queue);
    if (known != null) {
      known.ready();
    }
  }

  /** The queue is paused: what no worker calls for goes back. */
  public void paused(String queue) {
    PushQueue known = queues.get(queue);
    if (known != null) {
      for (Hand hand : known.held()) {
        known.release(hand);
        handBack(hand, Duration.ZERO);
      }
    }
  }

  /** Any queue may have jobs. */
  public void readyAnywhere() {
    queues.values().forEach(PushQueue::ready);
  }

  /** Something has happened to a job, not by an end that was told here. */
  public void changed(Change change) {
    PushQueue queue = queues.get(change.queue());
    if (queue == null) {
      return;
    }
    if (queue.isAsking) {
      queue.meanwhile.put(change.id(), change.to());
    }
    if (change.to() != JobState.RUNNING) {
      notOurs(change.id());
    }
  }

  /** The job is not in this service's hands any more: its call is broken off. */
  public void notOurs(UUID id) {
    Hand hand = inHand.remove(id);
    if (hand == null) {
      return;
    }
    switch (hand.state) {
      case HELD -> hand.queue.release(hand);
      case READY -> withdraw(hand);
      case CALLING -> hand.stop();
      case GONE -> {}
    }
    hand.state = Hand.State.GONE;
  }

  private void withdraw(Hand hand) {
    ready.remove(hand);
    hand.queue.begun--;
    hand.queue.gates.withdrawn(hand.host);
    hand.queue.hostHasRoom(hand.host);
  }

  // What comes next

  /** Does what is due by time, and asks the engine for what can be called. */
  public void tick() {
    long now = clock.nanos();
    saveAgain(now);
    giveUpReady(now);
    sharePlaces();
    for (PushQueue queue : queues.values()) {
      askForHosts(queue, now);
    }
    if (!isAsking()) {
      return;
    }
    Collections.rotate(turns, 1);
    for (PushQueue queue : turns) {
      int many = Math.min(queue.wanted(now), free());
      if (many > 0) {
        ask(queue, many);
      }
    }
  }

  /** What no worker was free for in so long goes back, or its lease would not last for the call. */
  private void giveUpReady(long now) {
    for (Hand hand : List.copyOf(ready)) {
      if (hand.heldUntil <= now) {
        withdraw(hand);
        handBack(hand, Duration.ZERO);
      }
    }
  }

  /** So that queues whose hosts have no room leave hands for those whose hosts have. */
  private void sharePlaces() {
    long sharers = queues.values().stream().filter(queue -> queue.blocked() > 0).count();
    int share = (int) Math.max(1, settings.workers() * HELD_PER_WORKER / Math.max(1, sharers));
    queues.values().forEach(queue -> queue.places = Math.min(queue.settings().workers(), share));
  }

  private boolean isAsking() {
    return !handingBack && unsaved.isEmpty() && (!draining || settings.ephemeral());
  }

  /** For how many jobs there is a worker, or will be soon, and room in hand. */
  private int free() {
    int waiting = queues.values().stream().mapToInt(PushQueue::waitingTheirTurn).sum();
    int workers = settings.workers() * 2 - calling - ready.size() - waiting - asked;
    int hands = settings.workers() * IN_HAND_PER_WORKER - inHand.size() - asked;
    return Math.min(workers, hands);
  }

  private void ask(PushQueue queue, int many) {
    queue.isAsking = true;
    queue.again = false;
    asking++;
    asked += many;
    for (int i = 0; i < many; i++) {
      queue.rate.tryTake();
    }
    String name = queue.name;
    Duration beyond = HOLD.plus(settings.hungAfter()).plus(MARGIN);
    Duration lease = queue.settings().terms().timeout().plus(beyond);
    store.submit(
        new Subject.Queue(name),
        jobs -> lease(jobs, name, many, lease, beyond),
        outcome -> leased(queue, many, outcome));
  }

  private static List<LeasedJob> lease(
      Jobs jobs, String queue, int many, Duration lease, Duration beyond) {
    List<LeasedJob> found = jobs.lease(queue, Kind.PUSH, many, lease, null);
    for (LeasedJob job : found) {
      Duration longer = job.terms().timeout().plus(beyond);
      if (longer.compareTo(lease) > 0) {
        jobs.extend(job.id(), job.lease(), longer, null);
      }
    }
    return found;
  }

  private void leased(PushQueue queue, int many, Outcome<List<LeasedJob>> outcome) {
    queue.isAsking = false;
    asking--;
    asked -= many;
    int found = 0;
    switch (outcome) {
      case Outcome.Done(List<LeasedJob> jobs) -> {
        found = jobs.size();
        leased += found;
        queue.isDry = Jobs.isAll(jobs, many) && !queue.again;
        jobs.forEach(job -> take(queue, job));
      }
      case Outcome.Failed(StoreFailure why) -> queue.askFrom = clock.nanos() + wait(why);
    }
    for (int unused = many - found; unused > 0; unused--) {
      queue.rate.giveBack();
    }
    if (queue.isDry) {
      queue.lookedPast = 0;
    }
    queue.meanwhile.clear();
    if (queue.isRemoved) {
      forgetRemoved();
    }
  }

  private void take(PushQueue queue, LeasedJob job) {
    if (queue.meanwhile.getOrDefault(job.id(), JobState.RUNNING) != JobState.RUNNING) {
      return; // it was cancelled before its lease was known here
    }
    long now = clock.nanos();
    var hand = new Hand(queue, job, host(job.call()), now + HOLD.toNanos());
    inHand.put(job.id(), hand);
    if (job.call() == null) {
      end(hand, Judgement.refused("the job has no target"));
    } else if (!isAsking()) {
      handBack(hand, Duration.ZERO);
    } else {
      queue.hold(hand);
    }
  }

  private static String host(@Nullable Call call) {
    String host = call == null ? null : call.url().getHost();
    return host == null ? "" : HostGates.normal(host);
  }

  /** In their order; of each host until one may not begin. */
  private void askForHosts(PushQueue queue, long now) {
    if (queue.heldCount() == 0) {
      return;
    }
    var refused = new HashMap<String, Long>();
    for (Hand hand : queue.held()) {
      Long askAt = refused.get(hand.host);
      if (hand.heldUntil <= now) {
        queue.release(hand);
        handBack(hand, away(queue));
      } else if (askAt != null) {
        block(hand, askAt, now);
      } else if (hand.askAt > now) {
        refused.put(hand.host, hand.askAt);
      } else if (queue.begun < queue.settings().workers()) {
        askForHost(hand, refused, now);
      }
    }
  }

  private void askForHost(Hand hand, Map<String, Long> refused, long now) {
    PushQueue queue = hand.queue;
    switch (queue.gates.tryBegin(hand.host)) {
      case Admission.Go() -> {
        queue.release(hand);
        hand.state = Hand.State.READY;
        queue.begun++;
        ready.add(hand);
      }
      case Admission.Busy() -> {
        refused.put(hand.host, Long.MAX_VALUE);
        block(hand, Long.MAX_VALUE, now);
      }
      case Admission.Later(Duration wait) -> {
        long askAt = now + wait.toNanos();
        if (askAt < hand.heldUntil) {
          refused.put(hand.host, askAt);
          block(hand, askAt, now);
        } else {
          queue.release(hand);
          handBack(hand, wait.plus(away(queue)));
        }
      }
    }
  }

  /** Its host has no room: it stays in hand if there is a place for such. */
  private void block(Hand hand, long askAt, long now) {
    PushQueue queue = hand.queue;
    if (hand.askAt == PushQueue.TURN && queue.isHoldingMany()) {
      queue.lookPast(now);
      queue.release(hand);
      handBack(hand, away(queue));
    } else {
      hand.askAt = askAt;
    }
  }

  /** The more were looked past, the longer, so that they do not come back before all were seen. */
  private static Duration away(PushQueue queue) {
    return AWAY.plusMillis(Math.min(queue.lookedPast++, Duration.ofHours(1).toMillis()));
  }

  // The workers

  /** Whom the next free worker shall call; null: nobody. */
  public @Nullable Hand next() {
    for (Hand first = ready.peek(); first != null; first = ready.peek()) {
      Instant deadline = first.job.deadline();
      Duration timeout = first.job.terms().timeout();
      if (deadline != null) {
        Duration left = Duration.between(Instant.EPOCH.plusNanos(time.nanos()), deadline);
        timeout = left.compareTo(timeout) < 0 ? left : timeout;
      }
      if (timeout.isPositive()) {
        first.sign(first.queue.settings().secret());
        first.call(timeout, clock.nanos());
        return first;
      }
      withdraw(first);
      end(first, Judgement.refused("its deadline has passed"));
    }
    return null;
  }

  /** A worker has taken {@link #next}. */
  public void taken() {
    Hand hand = ready.remove();
    hand.state = Hand.State.CALLING;
    hand.begunAt = clock.nanos();
    hand.queue.calls++;
    calling++;
  }

  /** A worker is free again. */
  public void reported(Report report) {
    Hand hand = report.hand();
    PushQueue queue = hand.queue;
    calling--;
    queue.calls--;
    queue.begun--;
    callsMade++;
    long took = clock.nanos() - hand.begunAt;
    callNanos += took;
    queue.callTook(took);
    switch (report.end()) {
      case CallEnd.Answered(var answer) -> queue.gates.ended(hand.host, Judgement.isUnwell(answer));
      case CallEnd.Unanswered _ -> queue.gates.ended(hand.host, true);
      case CallEnd.Refused _, CallEnd.BrokenOff _ -> queue.gates.withdrawn(hand.host);
    }
    queue.hostHasRoom(hand.host);
    if (hand.state != Hand.State.GONE) {
      end(hand, verdict(queue, report.end()));
    }
    if (queue.isRemoved) {
      forgetRemoved();
    }
  }

  private Verdict verdict(PushQueue queue, CallEnd end) {
    return switch (end) {
      case CallEnd.Answered(var answer) ->
          Judgement.of(
              answer,
              queue.settings().retryClientErrors(),
              clock.instant(),
              settings.maxRetryAfter());
      case CallEnd.Unanswered(String error) -> Judgement.unanswered(error);
      case CallEnd.Refused(String error) -> Judgement.refused(error);
      case CallEnd.BrokenOff() -> {
        handedBack++;
        yield new Verdict.HandedBack(Duration.ZERO);
      }
    };
  }

  private void handBack(Hand hand, Duration after) {
    handedBack++;
    end(hand, new Verdict.HandedBack(after));
  }

  private void end(Hand hand, Verdict verdict) {
    hand.state = Hand.State.GONE;
    inHand.remove(hand.job.id());
    save(hand.job, verdict);
  }

  /** An outcome is not given up; until the engine takes it, no more jobs are taken from it. */
  private void save(LeasedJob job, Verdict verdict) {
    store.submit(
        new Subject.Job(job.id()),
        jobs -> jobs.end(job.id(), job.lease(), verdict),
        outcome -> {
          if (outcome instanceof Outcome.Failed(StoreFailure why)) {
            unsaved.add(new Unsaved(job, verdict, clock.nanos() + wait(why)));
          }
        });
  }

  private static long wait(StoreFailure why) {
    return why instanceof StoreFailure.Unavailable(_, Duration retryAfter)
        ? Math.max(retryAfter.toNanos(), AGAIN.toNanos())
        : AGAIN.toNanos();
  }

  private void saveAgain(long now) {
    if (unsaved.isEmpty()) {
      return;
    }
    List<Unsaved> due = unsaved.stream().filter(each -> each.at <= now).toList();
    unsaved.removeAll(due);
    due.forEach(each -> save(each.job, each.verdict));
  }

  // The end

  /** Begins no more; if jobs are lost with the pool, goes on with them until {@link #handBack}. */
  public void drain() {
    draining = true;
    if (!settings.ephemeral()) {
      giveUpWaiting();
    }
  }

  /** Hands back all that no worker calls for. */
  public void handBack() {
    handingBack = true;
    giveUpWaiting();
  }

  private void giveUpWaiting() {
    for (Hand hand : List.copyOf(inHand.values())) {
      switch (hand.state) {
        case HELD -> {
          hand.queue.release(hand);
          handBack(hand, Duration.ZERO);
        }
        case READY -> {
          withdraw(hand);
          handBack(hand, Duration.ZERO);
        }
        case CALLING, GONE -> {}
      }
    }
  }

  /** Whether nothing is in hand, and all outcomes are saved. */
  public boolean isIdle() {
    return calling == 0 && asking == 0 && inHand.isEmpty() && unsaved.isEmpty();
  }

  /** Whether no queue may have a job that can be called. */
  public boolean isDry() {
    return queues.values().stream().allMatch(queue -> queue.isDry);
  }

  // What is known

  /** When there is something to do by time; {@link Long#MAX_VALUE}: never. */
  public long next(long now) {
    long next = unsaved.stream().mapToLong(Unsaved::at).min().orElse(Long.MAX_VALUE);
    for (Hand hand : ready) {
      next = Math.min(next, hand.heldUntil);
    }
    boolean canAsk = isAsking() && free() > 0;
    for (PushQueue queue : queues.values()) {
      next = Math.min(next, canAsk && queue.wanted(now) > 0 ? now : queue.next(now));
    }
    return next;
  }

  /** How many calls run for the queue. */
  public int calls(String queue) {
    PushQueue known = queues.get(queue);
    return known == null ? 0 : known.calls;
  }

  /** How many calls run. */
  public int calls() {
    return calling;
  }

  /** How many jobs wait in hand for their host, and not only for their turn. */
  public int held() {
    return queues.values().stream().mapToInt(PushQueue::blocked).sum();
  }

  /** Hosts of the queue that are left alone; of many the first. */
  public List<String> openBreakers(String queue) {
    PushQueue known = queues.get(queue);
    return known == null ? List.of() : known.gates.open(OPEN_SHOWN);
  }

  /** How many hosts are left alone. */
  public int openBreakers() {
    return queues.values().stream()
        .mapToInt(queue -> queue.gates.open(Integer.MAX_VALUE).size())
        .sum();
  }

  /** Outcomes that the engine has not taken yet. */
  public int unsaved() {
    return unsaved.size();
  }

  /** Jobs leased since the start. */
  public long leased() {
    return leased;
  }

  /** Jobs handed back since the start, their attempt not counted. */
  public long handedBack() {
    return handedBack;
  }

  /** Calls that have ended since the start. */
  public long callsMade() {
    return callsMade;
  }

  /** How long they took together. */
  public Duration callTime() {
    return Duration.ofNanos(callNanos);
  }
}
