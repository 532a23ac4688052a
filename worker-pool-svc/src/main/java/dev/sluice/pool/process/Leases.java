package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.process.WaitingLines.Place;
import dev.sluice.pool.process.push.JobRate;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.Jobs;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hands jobs of pull queues to the workers that ask for them. All who ask stand in the line of
 * their queue; the engine is asked for the first of a line in one transaction, and not again before
 * it may have more: a line that was left without is dry until a job of its queue becomes ready. So
 * nobody overtakes and nothing polls.
 */
final class Leases {
  private static final int ASKED_AT_ONCE = 64;

  /** After how much in one transaction those who come next are to wait for another. */
  private static final long BYTES_AT_ONCE = 4 * Jobs.LEASE_BYTES;

  private final JobStore store;
  private final QueueDirectory queues;
  private final EpochClock clock;
  private final PoolSettings settings;
  private final Tally tally;
  private final WaitingLines<String, Waiting> places = new WaitingLines<>();
  private final Map<String, Line> lines = new TreeMap<>();

  /** Lines that are to be looked at, and when. */
  private final Map<String, Long> looks = new HashMap<>();

  private boolean draining;

  /** Who waits for jobs. */
  private record Waiting(LeaseRequest request, Reply<List<LeasedJob>> reply)
      implements WaitingLines.Waiter {}

  /** What is known of a queue that somebody waits for. */
  private static final class Line {
    boolean isAsking;

    /** Whether the queue had nothing when it was asked last. */
    boolean isDry;
  }

  /**
   * The places of a line that the engine is asked for.
   *
   * @param max how many jobs for each
   * @param rate what was taken from it; null: nothing
   */
  private record Ask(
      List<Place<String, Waiting>> heads, List<Integer> max, @Nullable JobRate rate) {
    int wanted() {
      return max.stream().mapToInt(Integer::intValue).sum();
    }
  }

  Leases(
      JobStore store, QueueDirectory queues, EpochClock clock, PoolSettings settings, Tally tally) {
    this.store = store;
    this.queues = queues;
    this.clock = clock;
    this.settings = settings;
    this.tally = tally;
  }

  void lease(LeaseRequest request, Reply<List<LeasedJob>> reply) {
    if (reply.isDone()) {
      return;
    }
    if (draining) {
      reply.fail(Refusals.draining());
      return;
    }
    if (places.size() >= settings.maxWaiters()) {
      tally.refusedOverloaded++;
      reply.fail(Refusals.overloaded("workers that wait for jobs"));
      return;
    }
    String queue = request.queue();
    Line line = lines.computeIfAbsent(queue, _ -> new Line());
    if (line.isDry && !request.maxWait().isPositive()) {
      reply.complete(List.of());
      return;
    }
    places.add(queue, new Waiting(request, reply), clock.nanos() + request.maxWait().toNanos());
    if (!line.isDry && !line.isAsking) {
      look(queue, clock.nanos());
    }
  }

  /** The queue may have jobs. */
  void ready(String queue) {
    Line line = lines.get(queue);
    if (line != null) {
      line.isDry = false;
      look(queue, clock.nanos());
    }
  }

  /** Any queue may have jobs. */
  void readyAnywhere() {
    List.copyOf(lines.keySet()).forEach(this::ready);
  }

  private void look(String queue, long at) {
    looks.merge(queue, at, Math::min);
  }

  /** Whoever has asked has gone away. */
  void abandoned(Reply<?> reply) {
    Place<String, Waiting> place = places.of(reply);
    if (place != null) {
      leave(place);
    }
  }

  /** Lets those go whose patience has ended, and asks for those whose queue may have jobs. */
  void tick() {
    long now = clock.nanos();
    if (queues.isLoaded()) {
      looks.entrySet().stream()
          .filter(look -> look.getValue() <= now)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(this::ask);
    }
    for (var late = places.pollExpired(now); late != null; late = places.pollExpired(now)) {
      Line line = lines.get(late.key);
      if (line != null && (line.isAsking || !queues.isLoaded())) {
        late.isOver = true; // it is still asked for once
      } else {
        answer(late, List.of());
      }
    }
  }

  private void ask(String queue) {
    Line line = lines.get(queue);
    if (line == null) {
      looks.remove(queue);
    } else if (!line.isAsking) {
      looks.remove(queue);
      ask(queue, line);
    }
  }

  private void ask(String queue, Line line) {
    JobRate rate = queues.rate(queue);
    if (rate != null && rate.untilNext().isPositive()) {
      look(queue, clock.nanos() + rate.untilNext().toNanos());
      line.isDry = true;
      letGo(queue);
      return;
    }
    Ask ask = plan(queue, rate);
    if (ask.heads.isEmpty()) {
      lines.remove(queue);
      return;
    }
    line.isAsking = true;
    List<LeaseRequest> asked = ask.heads.stream().map(head -> head.who.request).toList();
    store.<List<List<LeasedJob>>>submit(
        new Subject.Queue(queue),
        jobs -> {
          var answers = new ArrayList<List<LeasedJob>>();
          boolean dry = false;
          long bytes = 0;
          for (int i = 0; i < asked.size() && !dry && bytes < BYTES_AT_ONCE; i++) {
            LeaseRequest each = asked.get(i);
            int max = ask.max.get(i);
            List<LeasedJob> found = jobs.lease(queue, Kind.PULL, max, each.lease(), each.worker());
            answers.add(found);
            bytes += Jobs.bytes(found);
            dry = Jobs.isAll(found, max);
          }
          return answers;
        },
        outcome -> asked(queue, line, ask, outcome));
  }

  /** As many of the first as the rate has something for. */
  private Ask plan(String queue, @Nullable JobRate rate) {
    int left = rate == null ? Integer.MAX_VALUE : rate.available();
    var heads = new ArrayList<Place<String, Waiting>>();
    var max = new ArrayList<Integer>();
    for (Place<String, Waiting> head : places.first(queue, ASKED_AT_ONCE)) {
      if (left == 0) {
        break;
      }
      int many = Math.min(left, head.who.request.max());
      heads.add(head);
      max.add(many);
      left -= many;
    }
    var ask = new Ask(heads, max, rate);
    for (int i = 0; rate != null && i < ask.wanted(); i++) {
      rate.tryTake();
    }
    return ask;
  }

  private void asked(String queue, Line line, Ask ask, Outcome<List<List<LeasedJob>>> outcome) {
    line.isAsking = false;
    int got = 0;
    switch (outcome) {
      case Outcome.Failed(StoreFailure why) -> ask.heads.forEach(head -> fail(head, why));
      case Outcome.Done(List<List<LeasedJob>> answers) -> {
        got = answers.stream().mapToInt(List::size).sum();
        tally.leased += got;
        line.isDry = Jobs.isAll(answers.getLast(), ask.max.get(answers.size() - 1));
        for (int i = 0; i < answers.size(); i++) {
          if (!answers.get(i).isEmpty()) {
            answer(ask.heads.get(i), answers.get(i));
          }
        }
      }
    }
    for (int unused = ask.wanted() - got; ask.rate != null && unused > 0; unused--) {
      ask.rate.giveBack();
    }
    if (looks.containsKey(queue)) {
      line.isDry = false; // something has become ready meanwhile
    }
    goOn(queue, line);
  }

  private void goOn(String queue, Line line) {
    if (line.isDry) {
      letGo(queue);
    } else {
      look(queue, clock.nanos());
    }
    if (places.size(queue) == 0) {
      lines.remove(queue);
      looks.remove(queue);
    }
  }

  /** Those who do not wait get nothing. */
  private void letGo(String queue) {
    for (Place<String, Waiting> place : places.all(queue)) {
      if (place.isOver || !place.who.request.maxWait().isPositive()) {
        answer(place, List.of());
      }
    }
  }

  private void answer(Place<String, Waiting> place, List<LeasedJob> jobs) {
    leave(place);
    if (!place.who.reply.complete(jobs)) {
      jobs.forEach(this::handBack); // nobody is there any more to have them
    }
  }

  private void fail(Place<String, Waiting> place, StoreFailure why) {
    leave(place);
    place.who.reply.fail(Refusals.store(why));
  }

  /** If it cannot be, its lease runs out. */
  private void handBack(LeasedJob job) {
    tally.handedBack++;
    var verdict = new Verdict.HandedBack(Duration.ZERO);
    store.submit(
        new Subject.Job(job.id()), jobs -> jobs.end(job.id(), job.lease(), verdict), _ -> {});
  }

  private void leave(Place<String, Waiting> place) {
    places.remove(place);
    Line line = lines.get(place.key);
    if (line != null && !line.isAsking && places.size(place.key) == 0) {
      lines.remove(place.key);
      looks.remove(place.key);
    }
  }

  /** Hands out no more: those who wait are refused. */
  void drain() {
    draining = true;
    for (Place<String, Waiting> place : places.all()) {
      leave(place);
      place.who.reply.fail(Refusals.draining());
    }
  }

  /** When there is something to do by time; {@link Long#MAX_VALUE}: never. */
  long next() {
    long next = places.nextDeadline();
    if (!queues.isLoaded()) {
      return next;
    }
    for (Map.Entry<String, Long> look : looks.entrySet()) {
      Line line = lines.get(look.getKey());
      if (line == null || !line.isAsking) {
        next = Math.min(next, look.getValue());
      }
    }
    return next;
  }

  int waiting() {
    return places.size();
  }

  int waiting(String queue) {
    return places.size(queue);
  }
}
