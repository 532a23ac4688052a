package dev.sluice.limiter.process;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.process.LimiterMessage.Abandoned;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.process.LimiterMessage.Requests;
import dev.sluice.limiter.store.MemoryLimitStore;
import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One run of a shard with a bucket and a line of random size, on a virtual clock: requests that
 * wait for a while or not, alone and in batches, that go away and say so or do not, releases,
 * resets, and time that passes in steps that fit nothing.
 *
 * <pre>
 *   random --messages, ticks--> LimiterShard --steps--> Steps (adds what the clock has refilled)
 * </pre>
 */
final class LimiterRun {
  static final Duration PERMIT = Duration.ofMillis(100); // what a permit takes to come back
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int MAX_BURST = 4;
  private static final int MAX_ALIVE = 5;
  private static final int MOST_STEPS = 60;
  private static final Fingerprint PRINT = Fingerprint.of(new Fingerprint.Secret(1, 2), null, "k");

  private final Random random;
  private final VirtualClock clock = new VirtualClock();
  private final int burst;
  private final int waiters;
  private final LimiterSteps steps;
  private final LimiterShard shard;
  private final List<Request> asked = new ArrayList<>();

  LimiterRun(long seed) {
    random = new Random(seed);
    burst = 1 + random.nextInt(MAX_BURST);
    waiters = random.nextInt(4);
    steps = new LimiterSteps(burst, PERMIT, clock);
    shard =
        new LimiterShard(
            new MemoryLimitStore(1),
            waiters,
            Policies.of(List.of()),
            new EpochClock(clock),
            DecisionMeter.NONE,
            steps);
  }

  int burst() {
    return burst;
  }

  int waiters() {
    return waiters;
  }

  /** Plays to the end: when nobody waits any more. */
  List<LimiterSteps.Step> play() {
    int count = random.nextInt(MOST_STEPS);
    for (int i = 0; i < count; i++) {
      step();
    }
    while (!shard.isIdle()) {
      advance();
    }
    return steps.all();
  }

  private void step() {
    asked.removeIf(request -> request.reply().isDone());
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> handle(List.of(acquire()));
      case 4 -> handle(List.of(acquire(), change(Kind.RELEASE), acquire()));
      case 5 -> handle(List.of(change(Kind.RELEASE)));
      case 6 -> handle(List.of(change(random.nextInt(4) == 0 ? Kind.RESET : Kind.PEEK)));
      case 7, 8 -> goAway();
      default -> advance();
    }
  }

  private void handle(List<Request> requests) {
    if (asked.size() + requests.size() > MAX_ALIVE) {
      return;
    }
    requests.stream().filter(each -> each.kind() == Kind.ACQUIRE).forEach(asked::add);
    shard.handle(requests.size() == 1 ? requests.getFirst() : new Requests(requests));
  }

  private Request acquire() {
    long quarters = random.nextInt(4) == 0 ? 0 : random.nextInt(30);
    return request(Kind.ACQUIRE, PERMIT.dividedBy(4).multipliedBy(quarters));
  }

  private Request change(Kind kind) {
    return request(kind, Duration.ZERO);
  }

  private Request request(Kind kind, Duration wait) {
    var limit = new Ask.Under.Inline(Terms.tokenBucket(10, SECOND, burst));
    var ask = new Ask("k", 1 + random.nextInt(burst), limit, wait);
    return new Request(PRINT, ask, kind, new Reply<>());
  }

  /** One who waits, if there is one; the shard may hear of it or not. */
  private void goAway() {
    if (!asked.isEmpty()) {
      Request gone = asked.remove(random.nextInt(asked.size()));
      gone.reply().abandon();
      if (random.nextBoolean()) {
        shard.handle(new Abandoned(gone));
      }
    }
  }

  private void advance() {
    Duration by =
        random.nextBoolean()
            ? PERMIT.multipliedBy(random.nextInt(4))
            : Duration.ofNanos(random.nextLong(3 * PERMIT.toNanos()));
    clock.advance(by);
    shard.tick();
    steps.tick();
  }
}
