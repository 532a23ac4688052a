package dev.sluice.limiter.process.permits;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.permits.LeaseDecision.Holder;
import dev.sluice.limiter.process.permits.LeaseLines.Line;
import dev.sluice.limiter.process.permits.LeaseLines.Place;
import dev.sluice.limiter.process.permits.LeaseMessage.Abandoned;
import dev.sluice.limiter.process.permits.LeaseMessage.Acquire;
import dev.sluice.limiter.process.permits.LeaseMessage.GetCounts;
import dev.sluice.limiter.process.permits.LeaseMessage.Look;
import dev.sluice.limiter.process.permits.LeaseMessage.NewPolicies;
import dev.sluice.limiter.process.permits.LeaseMessage.Release;
import dev.sluice.limiter.process.permits.LeaseMessage.Renew;
import dev.sluice.limiter.process.permits.LeaseMessage.Wake;
import dev.sluice.limiter.store.Lease;
import dev.sluice.limiter.store.LeaseId;
import dev.sluice.limiter.store.LeaseKey;
import dev.sluice.limiter.store.LeaseOperation;
import dev.sluice.limiter.store.LeaseOutcome;
import dev.sluice.limiter.store.LeaseStore;
import dev.sluice.limiter.store.Outcome;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Grants the leases of one shard's keys. Who cannot have one at once but will wait stands in the
 * line of the key, first come, first served: permits that come back, by a release or because a
 * lease has run out, go to the first of the line as soon as there are enough for it, and nobody
 * overtakes a line. How long that takes nobody can know, so a waiter waits until its deadline.
 * Whoever goes away while waiting gives its place back, and a lease that is granted to someone who
 * has gone is released at once.
 *
 * <p>The store may answer later ({@link LeaseStore}). What it said is then acted upon as things
 * stand when it comes. Requests that come before a first answer says that somebody has to wait are
 * not held up by it.
 */
final class LeaseShard implements Shards.Owner<LeaseMessage> {
  /** The most holders that are told of. */
  static final int MAX_HOLDERS = 1000;

  private final LeaseStore store;
  private final LeaseSettings settings;
  private final EpochClock clock;
  private final RandomGenerator random;
  private final LeaseLines lines = new LeaseLines();
  private Map<String, LeasePolicy> policies;
  private long granted;
  private long refused;

  /**
   * @param random one that cannot be foreseen
   */
  LeaseShard(LeaseStore store, LeaseSettings settings, EpochClock clock, RandomGenerator random) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.policies = settings.policies();
  }

  @Override
  public void handle(LeaseMessage message) {
    serveDue(clock.nanos());
    switch (message) {
      case Acquire request -> acquire(request);
      case Abandoned(Acquire request) -> leave(request);
      case Renew renew -> renew(renew);
      case Release(LeaseKey key, LeaseId id, Reply<LeaseDecision> reply) ->
          release(key, id, reply::complete);
      case Look look -> look(look);
      case NewPolicies(Map<String, LeasePolicy> others) -> {
        policies = others;
        lines.planned().forEach(line -> lines.plan(line, clock.nanos()));
      }
      case GetCounts(Reply<LeaseCounts> reply) -> reply.complete(counts());
      case Wake() -> store.collect();
    }
  }

  @Override
  public @Nullable Duration tick() {
    store.collect();
    long now = clock.nanos();
    serveDue(now);
    expire(now);
    serveDue(now); // those behind the ones that have just given up
    long pause = store.sweep(now);
    store.flush();
    long next = lines.next();
    long wait = Math.min(pause, next == Long.MAX_VALUE ? Long.MAX_VALUE : next - now);
    return wait == Long.MAX_VALUE ? null : Duration.ofNanos(wait);
  }

  @Override
  public boolean isIdle() {
    return lines.waiting() == 0 && !store.isWaiting();
  }

  /** Takes a lease if its permits are there and nobody waits for them; else stands in line. */
  private void acquire(Acquire request) {
    if (request.reply().isDone()) {
      return;
    }
    LeaseTerms terms = terms(request);
    if (terms == null) {
      return;
    }
    long since = clock.nanos();
    if (lines.of(request.key()) == null) {
      LeaseId id = LeaseId.random(random);
      submit(take(request, terms, id), outcome -> tried(request, terms, id, since, outcome));
    } else if (canWait(request)) {
      lines.add(request, since);
    } else {
      refuse(request, terms);
    }
  }

  /** What the request comes under; null when it has been told that this is not possible. */
  private @Nullable LeaseTerms terms(Acquire request) {
    try {
      return LeaseTerms.of(request.ask(), settings.defaultTtl(), policies);
    } catch (Invalid invalid) {
      request.reply().complete(LeaseDecision.NotPossible.of(invalid));
      return null;
    }
  }

  private static LeaseOperation take(Acquire request, LeaseTerms terms, LeaseId id) {
    return new LeaseOperation.Acquire(
        request.key(),
        id,
        request.ask().permits(),
        terms.limit(),
        terms.ttl(),
        request.ask().holder());
  }

  private void tried(
      Acquire request, LeaseTerms terms, LeaseId id, long since, LeaseOutcome outcome) {
    if (outcome instanceof LeaseOutcome.Refused(_, long retryAfter) && canWait(request)) {
      Line line = lines.add(request, since);
      if (line.size() == 1) {
        lines.plan(line, clock.nanos() + untilNextLook(retryAfter));
      }
    } else {
      answer(request, terms, id, Duration.ZERO, outcome);
    }
  }

  private boolean canWait(Acquire request) {
    return request.ask().maxWait().isPositive()
        && lines.waiting(request.key()) < settings.maxWaiters();
  }

  private long untilNextLook(long retryAfter) {
    return Math.min(retryAfter, store.lookAgain());
  }

  /** Asks for the first of every line that may have its permits now. */
  private void serveDue(long now) {
    for (Line line = lines.pollDue(now); line != null; line = lines.pollDue(now)) {
      Line due = line;
      Place first = due.first();
      LeaseTerms terms = terms(first.request());
      if (terms == null) { // the policies are others meanwhile
        remove(due, first);
      } else {
        LeaseId id = LeaseId.random(random);
        submit(take(first.request(), terms, id), outcome -> served(due, first, terms, id, outcome));
      }
    }
  }

  private void served(Line line, Place place, LeaseTerms terms, LeaseId id, LeaseOutcome outcome) {
    long now = clock.nanos();
    if (outcome instanceof LeaseOutcome.Refused(_, long retryAfter)
        && line.isFirst(place.request())
        && now < place.deadline()) {
      lines.plan(line, now + untilNextLook(retryAfter));
      return;
    }
    answer(place.request(), terms, id, Duration.ofNanos(now - place.since()), outcome);
    remove(line, place);
  }

  /** Takes one out of the line whose answer is not under way; who is first now is next. */
  private void remove(Line line, Place place) {
    lines.remove(line, place.request());
    lookNow(line);
  }

  private void lookNow(Line line) {
    if (line.size() > 0) {
      lines.plan(line, clock.nanos());
    }
  }

  /** Whose wait ends is refused; the one being asked for gets its answer. */
  private void expire(long now) {
    for (Place place = lines.pollExpired(now); place != null; place = lines.pollExpired(now)) {
      Acquire late = place.request();
      Line line = lines.of(late);
      if (line != null && (!line.isFirst(late) || lines.isPlanned(line))) {
        leave(late);
        LeaseTerms terms = terms(late);
        if (terms != null) {
          refuse(late, terms);
        }
      }
    }
  }

  /** Takes one out of its line, if it is in one; who is first then is looked at next. */
  private void leave(Acquire request) {
    Line line = lines.of(request);
    if (line != null) {
      boolean next = line.isFirst(request) && lines.isPlanned(line);
      lines.remove(line, request);
      if (next) {
        lookNow(line);
      }
    }
  }

  private void refuse(Acquire request, LeaseTerms terms) {
    submit(
        new LeaseOperation.Look(request.key(), 0),
        outcome -> {
          switch (outcome) {
            case LeaseOutcome.Held held -> refuse(request, terms, held.out(), held.retryAfter());
            case Outcome.Failure failed -> request.reply().complete(failed(failed));
            case LeaseOutcome.Done other -> throw unexpected(other);
          }
        });
  }

  private void refuse(Acquire request, LeaseTerms terms, long out, long retryAfter) {
    long remaining = Math.max(0, terms.limit() - out);
    var decision =
        new LeaseDecision.Refused(terms.limit(), remaining, Duration.ofNanos(retryAfter));
    if (request.reply().complete(decision)) {
      refused++;
    }
  }

  private void answer(
      Acquire request, LeaseTerms terms, LeaseId id, Duration waited, LeaseOutcome outcome) {
    switch (outcome) {
      case LeaseOutcome.Granted(Lease lease, long out) -> {
        long remaining = Math.max(0, terms.limit() - out);
        var decision = granted(request.key(), id, terms, lease, remaining, waited);
        if (request.reply().complete(decision)) {
          granted++;
        } else { // nobody is there any more to have it
          release(request.key(), id, _ -> {});
        }
      }
      case LeaseOutcome.Refused(long out, long retryAfter) ->
          refuse(request, terms, out, retryAfter);
      case Outcome.Failure failed ->
          request
              .reply()
              .complete(
                  failed instanceof Outcome.Unavailable && terms.failOpen()
                      ? uncounted(request.key(), id, terms, waited)
                      : failed(failed));
      case LeaseOutcome.Done other -> throw unexpected(other);
    }
  }

  private static LeaseDecision granted(
      LeaseKey key, LeaseId id, LeaseTerms terms, Lease lease, long remaining, Duration waited) {
    return new LeaseDecision.Granted(
        token(key, id),
        lease.fence(),
        terms.limit(),
        remaining,
        instant(lease.expiresAt()),
        waited);
  }

  private LeaseDecision uncounted(LeaseKey key, LeaseId id, LeaseTerms terms, Duration waited) {
    Instant end = instant(clock.nanos()).plus(terms.ttl());
    return new LeaseDecision.Granted(token(key, id), null, terms.limit(), 0, end, waited);
  }

  private void renew(Renew renew) {
    LeasePolicy policy = renew.key().policy() == null ? null : policies.get(renew.key().policy());
    if (policy != null) {
      try {
        LeaseTerms.checkTtl(renew.ttl(), policy);
      } catch (Invalid invalid) {
        renew.reply().complete(LeaseDecision.NotPossible.of(invalid));
        return;
      }
    }
    submit(
        new LeaseOperation.Renew(renew.key(), renew.id(), renew.ttl()),
        outcome -> {
          renew.reply().complete(renewed(renew.key(), outcome));
          if (renew.ttl() != null) { // it may run out sooner now
            lookSoon(renew.key());
          }
        });
  }

  private LeaseDecision renewed(LeaseKey key, LeaseOutcome outcome) {
    return switch (outcome) {
      case LeaseOutcome.Renewed(Lease lease) ->
          new LeaseDecision.Renewed(
              key.key(), lease.permits(), lease.fence(), instant(lease.expiresAt()));
      case LeaseOutcome.Unknown() -> new LeaseDecision.Unknown();
      case Outcome.Failure failed -> failed(failed);
      case LeaseOutcome.Done other -> throw unexpected(other);
    };
  }

  private void release(LeaseKey key, LeaseId id, Consumer<LeaseDecision> answer) {
    submit(
        new LeaseOperation.Release(key, id),
        outcome -> {
          answer.accept(
              switch (outcome) {
                case LeaseOutcome.Released _ -> new LeaseDecision.Released();
                case LeaseOutcome.Unknown() -> new LeaseDecision.Unknown();
                case Outcome.Failure failed -> failed(failed);
                case LeaseOutcome.Done other -> throw unexpected(other);
              });
          lookSoon(key);
        });
  }

  /** Whoever is first in the key's line may have its permits now. */
  private void lookSoon(LeaseKey key) {
    Line line = lines.of(key);
    if (line != null && lines.isPlanned(line)) {
      lines.plan(line, clock.nanos());
    }
  }

  private void look(Look look) {
    Long limit;
    try {
      limit = limit(look);
    } catch (Invalid invalid) {
      look.reply().complete(LeaseDecision.NotPossible.of(invalid));
      return;
    }
    submit(
        new LeaseOperation.Look(look.key(), MAX_HOLDERS),
        outcome -> look.reply().complete(held(look.key(), limit, outcome)));
  }

  private @Nullable Long limit(Look look) {
    LeaseKey key = look.key();
    if (key.policy() == null) {
      return look.limit();
    }
    LeasePolicy policy = LeaseTerms.policy(key.policy(), policies);
    LeaseTerms.checkKey(key.key(), policy);
    return policy.permits();
  }

  private LeaseDecision held(LeaseKey key, @Nullable Long limit, LeaseOutcome outcome) {
    return switch (outcome) {
      case LeaseOutcome.Held held ->
          new LeaseDecision.Held(
              limit,
              held.out(),
              held.leases(),
              lines.waiting(key),
              held.first().stream().map(LeaseShard::holder).toList());
      case Outcome.Failure failed -> failed(failed);
      case LeaseOutcome.Done other -> throw unexpected(other);
    };
  }

  private static Holder holder(Lease lease) {
    return new Holder(
        lease.holder(),
        lease.permits(),
        lease.fence(),
        instant(lease.since()),
        instant(lease.expiresAt()));
  }

  private LeaseDecision failed(Outcome.Failure failed) {
    return switch (failed) {
      case Outcome.Full(String reason) ->
          new LeaseDecision.StoreFull(reason, Duration.ofNanos(store.sweep(clock.nanos())));
      case Outcome.Unavailable(String reason, Duration retryAfter) ->
          new LeaseDecision.StoreUnavailable(reason, retryAfter);
    };
  }

  private LeaseCounts counts() {
    return new LeaseCounts(store.out(), lines.waiting(), granted, refused, store.expired());
  }

  private void submit(LeaseOperation operation, Consumer<LeaseOutcome> answer) {
    store.submit(operation, clock.nanos(), answer);
  }

  private static String token(LeaseKey key, LeaseId id) {
    return new LeaseToken(id, key.policy(), key.key()).text();
  }

  private static Instant instant(long nanos) {
    return Instant.EPOCH.plusNanos(nanos);
  }

  private static IllegalStateException unexpected(LeaseOutcome outcome) {
    return new IllegalStateException("not an answer to what was asked: " + outcome);
  }
}
