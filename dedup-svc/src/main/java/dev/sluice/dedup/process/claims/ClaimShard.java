package dev.sluice.dedup.process.claims;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Shards;
import dev.sluice.dedup.process.claims.ClaimLines.Line;
import dev.sluice.dedup.process.claims.ClaimLines.Place;
import dev.sluice.dedup.process.claims.ClaimMessage.Abandoned;
import dev.sluice.dedup.process.claims.ClaimMessage.GetCounts;
import dev.sluice.dedup.process.claims.ClaimMessage.GetStore;
import dev.sluice.dedup.process.claims.ClaimMessage.Owned;
import dev.sluice.dedup.process.claims.ClaimMessage.Request;
import dev.sluice.dedup.process.claims.ClaimMessage.Wake;
import dev.sluice.dedup.store.claims.ClaimKey;
import dev.sluice.dedup.store.claims.ClaimOperation;
import dev.sluice.dedup.store.claims.ClaimOutcome;
import dev.sluice.dedup.store.claims.ClaimStore;
import dev.sluice.dedup.store.claims.ClaimToken;
import dev.sluice.dedup.store.claims.StoredResponse;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Grants the claims of one shard's keys. Who finds a key in progress and will wait stands in the
 * line of the key. When the claim is completed all of the line get the response; when it is
 * aborted, or its lease ends, the first claims the key anew and the others go on waiting. Whoever
 * goes away while waiting gives its place back, and a claim that is granted to someone who has gone
 * is aborted at once.
 *
 * <p>The store may answer later ({@link ClaimStore}). What it said is then acted upon as things
 * stand when it comes.
 *
 * <p>Told to stop, it sends all who wait away, and lives on while claims are out that only it can
 * end, for a limited time.
 */
final class ClaimShard implements Shards.Owner<ClaimMessage> {
  /**
   * How soon to look again when a claim should have ended by this clock, but not by the engine's.
   */
  private static final long SOON = Duration.ofMillis(1).toNanos();

  private final ClaimStore store;
  private final ClaimSettings settings;
  private final EpochClock clock;
  private final RandomGenerator random;
  private final Stopping stopping;
  private final ClaimLines lines = new ClaimLines();
  private final ClaimTally tally = new ClaimTally();

  /**
   * How a shard learns that it is to stop, and says that it has.
   *
   * @param isTold whether the service is told to stop
   * @param done is completed when no owner needs the shard any more
   */
  record Stopping(BooleanSupplier isTold, Reply<Boolean> done) {}

  /** When it has been told to stop; null until then. */
  private @Nullable Long toldAt;

  /**
   * @param random one that cannot be foreseen
   */
  ClaimShard(
      ClaimStore store,
      ClaimSettings settings,
      EpochClock clock,
      RandomGenerator random,
      Stopping stopping) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.stopping = stopping;
  }

  @Override
  public void handle(ClaimMessage message) {
    serveDue(clock.nanos());
    switch (message) {
      case Request request -> claim(request);
      case Abandoned(Request request) -> leave(request);
      case Owned(ClaimOperation operation, Reply<ClaimDecision> reply) -> owned(operation, reply);
      case GetCounts(Reply<ClaimCounts> reply) ->
          reply.complete(tally.counts(lines.waiting(), store));
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
    serveDue(now); // those behind the ones that have just given up
    long pause = store.sweep(now);
    store.flush();
    stop(now);
    long next = lines.next();
    long wait = Math.min(pause, next == Long.MAX_VALUE ? Long.MAX_VALUE : next - now);
    return wait == Long.MAX_VALUE ? null : Duration.ofNanos(Math.max(0, wait));
  }

  @Override
  public boolean isIdle() {
    return lines.waiting() == 0 && !store.isWaiting();
  }

  /** Takes the key if nobody has it; else stands in line. */
  private void claim(Request request) {
    if (request.reply().isDone()) {
      return;
    }
    if (stopping.isTold().getAsBoolean()) {
      request.reply().complete(new ClaimDecision.Draining());
      return;
    }
    ClaimToken token = ClaimToken.draw(random);
    long deadline = clock.nanos() + request.ask().maxWait().toNanos();
    submit(claim(request, token), outcome -> tried(request, token, deadline, outcome));
  }

  private static ClaimOperation claim(Request request, ClaimToken token) {
    ClaimAsk ask = request.ask();
    return new ClaimOperation.Claim(
        request.key(), token, ask.lease().toNanos(), ask.ttl().toNanos(), ask.request());
  }

  private void tried(Request request, ClaimToken token, long deadline, ClaimOutcome outcome) {
    if (outcome instanceof ClaimOutcome.InProgress(long leaseEnds) && canWait(request)) {
      Line line = lines.add(request, deadline);
      line.leaseEnds = leaseEnds;
      if (line.size() == 1) {
        planNextLook(line);
      }
    } else {
      answer(request, token, outcome);
    }
  }

  private boolean canWait(Request request) {
    return request.ask().maxWait().isPositive()
        && !request.reply().isDone()
        && toldAt == null
        && lines.waiting(request.key()) < settings.maxWaiters();
  }

  private void planNextLook(Line line) {
    long now = clock.nanos();
    long untilEnd = line.leaseEnds > now ? line.leaseEnds - now : SOON;
    lines.plan(line, now + Math.min(untilEnd, store.lookAgain()));
  }

  /** Asks for the first of every line whose key may be free now. */
  private void serveDue(long now) {
    for (Line line = lines.pollDue(now); line != null; line = lines.pollDue(now)) {
      Line due = line;
      Place first = due.first();
      ClaimToken token = ClaimToken.draw(random);
      long ends = now + first.request().ask().lease().toNanos();
      submit(claim(first.request(), token), outcome -> served(due, first, token, ends, outcome));
    }
  }

  /**
   * @param ends when the lease ends by this clock if it is granted now
   */
  private void served(Line line, Place place, ClaimToken token, long ends, ClaimOutcome outcome) {
    Request request = place.request();
    if (outcome instanceof ClaimOutcome.InProgress(long leaseEnds)) {
      line.leaseEnds = leaseEnds;
      if (line.isFirst(request) && clock.nanos() < place.deadline()) {
        planNextLook(line);
        return;
      }
    }
    lines.remove(line, request);
    switch (outcome) {
      case ClaimOutcome.Claimed _ -> {
        line.leaseEnds = ends;
        if (line.size() > 0) {
          planNextLook(line);
        }
      }
      case ClaimOutcome.Completed completed -> replay(line, request.ask().request(), completed);
      case ClaimOutcome.InProgress _,
          ClaimOutcome.OtherRequest _,
          ClaimOutcome.Failed _,
          ClaimOutcome.Aborted _,
          ClaimOutcome.Lost _ ->
          lookNow(line);
    }
    answer(request, token, outcome); // last: when it is aborted, the next of the line is planned
  }

  /**
   * Gives the response to all of the line who came with the request that it was given for, or say
   * nothing of theirs; who is first of the others is asked for next.
   */
  private void replay(Line line, @Nullable String request, ClaimOutcome.Completed completed) {
    for (Request each : line.requests()) {
      String theirs = each.ask().request();
      if (theirs == null || theirs.equals(request)) {
        lines.remove(line, each);
        tell(each, completed(completed));
      }
    }
    lookNow(line);
  }

  private void lookNow(Line line) {
    if (line.size() > 0) {
      lines.plan(line, clock.nanos());
    }
  }

  /** Whose wait ends is told so; the one being asked for gets its answer. */
  private void expire(long now) {
    for (Place place = lines.pollExpired(now); place != null; place = lines.pollExpired(now)) {
      Request late = place.request();
      Line line = lines.of(late);
      if (line != null && (!line.isFirst(late) || lines.isPlanned(line))) {
        leave(late);
        tell(late, inProgress(line.leaseEnds));
      }
    }
  }

  /** Takes one out of its line, if it is in one; who is first then is looked at next. */
  private void leave(Request request) {
    Line line = lines.of(request);
    if (line != null) {
      boolean next = line.isFirst(request) && lines.isPlanned(line);
      lines.remove(line, request);
      if (next) {
        lookNow(line);
      }
    }
  }

  private void answer(Request request, ClaimToken token, ClaimOutcome outcome) {
    switch (outcome) {
      case ClaimOutcome.Claimed claimed -> {
        if (!tell(request, claimed(request.key(), token, claimed))) {
          // nobody is there any more to have it
          end(new ClaimOperation.Abort(request.key(), token), _ -> {});
        }
      }
      case ClaimOutcome.InProgress(long leaseEnds) -> tell(request, inProgress(leaseEnds));
      case ClaimOutcome.Completed completed -> tell(request, completed(completed));
      case ClaimOutcome.OtherRequest() -> tell(request, new ClaimDecision.Mismatch());
      case ClaimOutcome.Failed(StoreFailure why) -> tell(request, ClaimDecision.of(why));
      case ClaimOutcome.Aborted _, ClaimOutcome.Lost _ -> throw unexpected(outcome);
    }
  }

  private boolean tell(Request request, ClaimDecision decision) {
    boolean heard = request.reply().complete(decision);
    if (heard) {
      tally.answered(decision);
    }
    return heard;
  }

  private static ClaimDecision claimed(
      ClaimKey key, ClaimToken token, ClaimOutcome.Claimed claimed) {
    return new ClaimDecision.Claimed(
        new ClaimId(key.namespace(), key.key()).text(),
        token.text(),
        claimed.fence(),
        instant(claimed.leaseEnds()),
        instant(claimed.expiresAt()));
  }

  private ClaimDecision inProgress(long leaseEnds) {
    return new ClaimDecision.InProgress(Duration.ofNanos(Math.max(0, leaseEnds - clock.nanos())));
  }

  private static ClaimDecision completed(ClaimOutcome.Completed completed) {
    StoredResponse response = completed.response();
    return new ClaimDecision.Completed(Response.of(response), instant(completed.expiresAt()));
  }

  private void owned(ClaimOperation operation, Reply<ClaimDecision> reply) {
    end(
        operation,
        decision -> {
          tally.toldOwner(decision);
          reply.complete(decision);
        });
  }

  /** Does what an owner asks; whoever waits for the key may have it, or its response, now. */
  private void end(ClaimOperation operation, Consumer<ClaimDecision> answer) {
    submit(
        operation,
        outcome -> {
          answer.accept(told(outcome));
          Line line = lines.of(operation.key());
          if (line != null && lines.isPlanned(line)) {
            lookNow(line);
          }
        });
  }

  private static ClaimDecision told(ClaimOutcome outcome) {
    return switch (outcome) {
      case ClaimOutcome.Claimed(long fence, long leaseEnds, long expiresAt) ->
          new ClaimDecision.Renewed(fence, instant(leaseEnds), instant(expiresAt));
      case ClaimOutcome.Completed completed -> completed(completed);
      case ClaimOutcome.Aborted() -> new ClaimDecision.Aborted();
      case ClaimOutcome.Lost() -> new ClaimDecision.Lost();
      case ClaimOutcome.Failed(StoreFailure why) -> ClaimDecision.of(why);
      case ClaimOutcome.InProgress _, ClaimOutcome.OtherRequest _ -> throw unexpected(outcome);
    };
  }

  /** Once told to stop: sends away who waits, and is done when no claim needs this shard. */
  private void stop(long now) {
    if (!stopping.isTold().getAsBoolean()) {
      return;
    }
    toldAt = Objects.requireNonNullElse(toldAt, now);
    for (Request each : lines.requests()) {
      leave(each);
      tell(each, new ClaimDecision.Draining());
    }
    boolean isOver = now - toldAt >= settings.drain().toNanos();
    if (isOver || store.inProgress().orElse(0) == 0) {
      stopping.done().complete(true);
    }
  }

  private void submit(ClaimOperation operation, Consumer<ClaimOutcome> answer) {
    store.submit(operation, clock.nanos(), answer);
  }

  private static Instant instant(long nanos) {
    return Instant.EPOCH.plusNanos(nanos);
  }

  private static IllegalStateException unexpected(ClaimOutcome outcome) {
    return new IllegalStateException(
        "not an answer to what was asked: " + outcome.getClass().getSimpleName());
  }
}
