package dev.sluice.limiter.process;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.process.Decision.Why;
import dev.sluice.limiter.process.DecisionMeter.Result;
import dev.sluice.limiter.process.LimiterMessage.Abandoned;
import dev.sluice.limiter.process.LimiterMessage.GetStore;
import dev.sluice.limiter.process.LimiterMessage.NewPolicies;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.process.LimiterMessage.Requests;
import dev.sluice.limiter.process.LimiterMessage.Wake;
import dev.sluice.limiter.process.Lines.Line;
import dev.sluice.limiter.process.Lines.Place;
import dev.sluice.limiter.store.LimitStore;
import dev.sluice.limiter.store.Operation;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.limiter.store.Outcome;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the keys of one shard. Who cannot be served at once but within the wait asked for
 * stands in the line of the key; the line is served first come, first served, each at the exact
 * instant its permits are there. Nobody overtakes a line, and nobody is let wait in vain. Whoever
 * goes away while waiting takes no permits, and those behind move up.
 *
 * <p>The store may answer later ({@link LimitStore}). What it said is then acted upon as things
 * stand when it comes.
 */
final class LimiterShard implements Shards.Owner<LimiterMessage> {
  private final LimitStore store;
  private final int maxWaiters;
  private final EpochClock clock;
  private final DecisionMeter meter;
  private final LimiterObserver observer;
  private final Lines lines = new Lines();
  private Policies policies;
  private long nextSweep;

  /** One that nobody observes. */
  LimiterShard(
      LimitStore store, int maxWaiters, Policies policies, EpochClock clock, DecisionMeter meter) {
    this(store, maxWaiters, policies, clock, meter, LimiterObserver.NONE);
  }

  LimiterShard(
      LimitStore store,
      int maxWaiters,
      Policies policies,
      EpochClock clock,
      DecisionMeter meter,
      LimiterObserver observer) {
    this.store = store;
    this.maxWaiters = maxWaiters;
    this.policies = policies;
    this.clock = clock;
    this.meter = meter;
    this.observer = observer;
    this.nextSweep = clock.nanos();
  }

  @Override
  public void handle(LimiterMessage message) {
    serveDue(clock.nanos());
    switch (message) {
      case Request request -> decide(request);
      case Requests(var all) -> all.forEach(this::decide);
      case Abandoned(Request request) -> leave(request);
      case NewPolicies(Policies others) -> policies = others;
      case GetStore(Reply<StoreStatus> reply) -> reply.complete(store.status());
      case Wake() -> store.collect();
    }
  }

  @Override
  public @Nullable Duration tick() {
    store.collect();
    long now = clock.nanos();
    serveDue(now);
    expire(now);
    if (now >= nextSweep) {
      long pause = store.sweep(now);
      nextSweep = pause == Long.MAX_VALUE ? Long.MAX_VALUE : now + pause;
    }
    store.flush();
    long next = Math.min(lines.next(), nextSweep);
    return next == Long.MAX_VALUE ? null : Duration.ofNanos(next - now);
  }

  @Override
  public boolean isIdle() {
    return lines.isEmpty() && !store.isWaiting();
  }

  private void decide(Request request) {
    if (request.reply().isDone()) {
      return;
    }
    Rule rule;
    try {
      rule = Rule.of(request, policies);
    } catch (Invalid invalid) {
      request.reply().complete(Decision.NotPossible.of(invalid));
      return;
    }
    switch (request.kind()) {
      case ACQUIRE -> {
        observer.asked(request);
        acquire(request, rule, clock.nanos());
      }
      case PEEK -> peek(request, rule);
      case RELEASE, RESET -> change(request, rule);
    }
  }

  /** Takes the permits if they are there and nobody waits for them; else stands in line. */
  private void acquire(Request request, Rule rule, long since) {
    Line line = lines.of(rule.key());
    long permits = request.ask().permits();
    if (line == null) {
      submit(rule, Kind.ACQUIRE, permits, outcome -> tried(request, rule, since, outcome));
    } else {
      submit(
          rule,
          Kind.PEEK,
          line.queued() + permits,
          outcome -> {
            if (lines.of(rule.key()) == line) {
              tried(request, rule, since, outcome);
            } else { // it was served meanwhile
              acquire(request, rule, since);
            }
          });
    }
  }

  private void tried(Request request, Rule rule, long since, Outcome outcome) {
    if (!(outcome instanceof Outcome.Done done)) {
      refuse(request, rule, outcome);
    } else if (done.permits() > 0) {
      grant(request, rule, Duration.ZERO, done);
    } else if (canWait(request, rule, done.retryAfter())) {
      Line line = lines.add(rule.key(), request, rule, since);
      observer.queued(request);
      if (line.size() == 1) {
        lines.plan(line, clock.nanos() + done.retryAfter());
      }
    } else {
      refuse(request, rule, outcome);
    }
  }

  private boolean canWait(Request request, Rule rule, long wait) {
    Line line = lines.of(rule.key());
    return !rule.shadow()
        && Duration.ofNanos(wait).compareTo(request.ask().maxWait()) <= 0
        && (line == null ? 0 : line.size()) < maxWaiters;
  }

  private void peek(Request request, Rule rule) {
    Line line = lines.of(rule.key());
    long ahead = line == null ? 0 : line.queued();
    submit(
        rule,
        Kind.PEEK,
        ahead + request.ask().permits(),
        outcome -> request.reply().complete(balance(rule, outcome)));
  }

  private void change(Request request, Rule rule) {
    submit(
        rule,
        request.kind(),
        request.ask().permits(),
        outcome -> {
          if (outcome instanceof Outcome.Done done) {
            observer.changed(request, done.permits());
          }
          request.reply().complete(balance(rule, outcome));
          Line line = lines.of(rule.key());
          if (line != null && lines.isPlanned(line)) {
            lines.plan(line, clock.nanos());
          }
        });
  }

  /** Asks for the first of every line whose permits should be there. */
  private void serveDue(long now) {
    for (Line line = lines.pollDue(now); line != null; line = lines.pollDue(now)) {
      Line due = line;
      Place first = due.first();
      submit(
          first.rule(),
          Kind.ACQUIRE,
          first.request().ask().permits(),
          outcome -> served(due, first, outcome));
    }
  }

  private void served(Line line, Place place, Outcome outcome) {
    boolean stillFirst = line.isFirst(place.request());
    if (outcome instanceof Outcome.Done done && done.permits() == 0 && stillFirst) {
      long due = clock.nanos() + done.retryAfter();
      if (due <= place.deadline()) {
        lines.plan(line, due);
        return;
      }
    }
    lines.remove(line, place.request());
    if (outcome instanceof Outcome.Done done && done.permits() > 0) {
      grant(place.request(), place.rule(), Duration.ofNanos(clock.nanos() - place.since()), done);
    } else {
      refuse(place.request(), place.rule(), outcome);
    }
    if (line.size() > 0) {
      lines.plan(line, clock.nanos());
    }
  }

  /**
   * Whose wait ends before its turn has come is refused; the one being asked for gets its answer.
   */
  private void expire(long now) {
    for (Place place = lines.pollExpired(now); place != null; place = lines.pollExpired(now)) {
      Place late = place;
      Line line = lines.of(late.request());
      if (line != null && (!line.isFirst(late.request()) || lines.isPlanned(line))) {
        take(line, late.request());
        submit(
            late.rule(),
            Kind.PEEK,
            line.queued() + late.request().ask().permits(),
            outcome -> refuse(late.request(), late.rule(), outcome));
      }
    }
  }

  private void leave(Request request) {
    Line line = lines.of(request);
    if (line != null) {
      take(line, request);
      observer.left(request);
    }
  }

  /** Takes one out of the line; who is first now is looked at next. */
  private void take(Line line, Request request) {
    boolean first = line.isFirst(request) && lines.isPlanned(line);
    lines.remove(line, request);
    if (first && line.size() > 0) {
      lines.plan(line, clock.nanos());
    }
  }

  /** Answers; when nobody is there any more to have the permits, they are given back. */
  private void grant(Request request, Rule rule, Duration waited, Outcome.Done done) {
    boolean wanted = request.reply().complete(granted(rule, done, waited, Why.COUNTED));
    if (wanted) {
      observer.granted(request);
      count(request, rule, Result.GRANTED);
    } else {
      observer.left(request);
      submit(rule, Kind.RELEASE, request.ask().permits(), _ -> {});
    }
  }

  private void refuse(Request request, Rule rule, Outcome outcome) {
    Decision decision = refusal(rule, outcome);
    if (request.reply().complete(decision)) {
      observer.refused(request);
      count(
          request,
          rule,
          switch (decision) {
            case Decision.Granted granted ->
                granted.why() == Why.SHADOW ? Result.SHADOW : Result.FAIL_OPEN;
            case Decision.Refused _ -> Result.REFUSED;
            default -> Result.UNDECIDED;
          });
    } else {
      observer.left(request);
    }
  }

  private void count(Request request, Rule rule, Result result) {
    meter.decided(Quota.nameOf(rule.key()), result, request.ask().permits());
  }

  /** What is said to one who has not got the permits; a shadow grants nevertheless. */
  private Decision refusal(Rule rule, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done ->
          rule.shadow()
              ? granted(rule, done, Duration.ZERO, Why.SHADOW)
              : new Decision.Refused(
                  Quota.of(rule.key()), done.remaining(), Duration.ofNanos(done.retryAfter()));
      case Outcome.Full(String reason) -> storeFull(reason);
      case Outcome.Unavailable(String reason, Duration retryAfter) ->
          rule.failOpen() || rule.shadow()
              ? new Decision.Granted(
                  Quota.of(rule.key()), 0, Duration.ZERO, Duration.ZERO, Why.FAIL_OPEN)
              : new Decision.StoreUnavailable(reason, retryAfter);
    };
  }

  private Decision balance(Rule rule, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done ->
          new Decision.Balance(
              Quota.of(rule.key()),
              done.permits(),
              done.remaining(),
              Duration.ofNanos(done.retryAfter()),
              Duration.ofNanos(done.resetAfter()),
              rule.shadow());
      case Outcome.Full(String reason) -> storeFull(reason);
      case Outcome.Unavailable(String reason, Duration retryAfter) ->
          new Decision.StoreUnavailable(reason, retryAfter);
    };
  }

  private Decision storeFull(String reason) {
    return new Decision.StoreFull(reason, Duration.ofNanos(Math.max(0, nextSweep - clock.nanos())));
  }

  private static Decision.Granted granted(Rule rule, Outcome.Done done, Duration waited, Why why) {
    return new Decision.Granted(
        Quota.of(rule.key()), done.remaining(), waited, Duration.ofNanos(done.resetAfter()), why);
  }

  private void submit(Rule rule, Kind kind, long permits, Consumer<Outcome> answer) {
    store.submit(new Operation(rule.key(), kind, permits), clock.nanos(), answer);
  }
}
