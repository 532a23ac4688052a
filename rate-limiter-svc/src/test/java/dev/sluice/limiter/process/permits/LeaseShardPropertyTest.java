package dev.sluice.limiter.process.permits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.process.permits.LeaseDecision.Granted;
import dev.sluice.limiter.process.permits.LeaseMessage.Acquire;
import dev.sluice.limiter.store.LeaseKey;
import dev.sluice.limiter.store.MemoryLeaseStore;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any run of calls, held after each of them against what callers know: the leases they were
 * granted, until when, and who still waits.
 */
class LeaseShardPropertyTest {
  private static final long LIMIT = 5;
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);
  private static final LeaseKey KEY = new LeaseKey(null, "k", Fingerprint.of(SECRET, null, "k"));

  /** What a caller does. */
  sealed interface Step {
    record Take(int permits, int ttl, int patience) implements Step {}

    record Renew(int which, int ttl) implements Step {}

    record Release(int which) implements Step {}

    record GoAway(int which, boolean heard) implements Step {}

    record Pass(int time) implements Step {}
  }

  /** A lease as its holder knows it. */
  private static final class Known {
    final String lease;
    final long permits;
    Instant end;

    Known(String lease, long permits, Instant end) {
      this.lease = lease;
      this.permits = permits;
      this.end = end;
    }
  }

  /** The callers of one shard, and what they know. */
  private static final class Callers {
    final VirtualClock clock = new VirtualClock();
    final LeaseShard shard =
        new LeaseShard(
            new MemoryLeaseStore(1000),
            new LeaseSettings(
                1,
                1,
                100,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                true,
                Map.of(),
                SECRET),
            new EpochClock(clock),
            new SplittableRandom(7));
    final List<Known> leases = new ArrayList<>();
    final List<Acquire> waiting = new ArrayList<>();
    long lastFence;

    void carryOut(Step step) {
      switch (step) {
        case Step.Take(int permits, int ttl, int patience) -> take(permits, ttl, patience);
        case Step.Renew(int which, int ttl) -> renew(which, ttl);
        case Step.Release(int which) -> release(which);
        case Step.GoAway(int which, boolean heard) -> goAway(which, heard);
        case Step.Pass(int time) -> clock.advance(Duration.ofMillis(time));
      }
      shard.tick();
      forgetEnded();
      hear();
    }

    private void take(int permits, int ttl, int patience) {
      var ask =
          new LeaseAsk(
              "k",
              permits,
              new LeaseAsk.Under.Limit(LIMIT),
              Duration.ofMillis(ttl),
              Duration.ofMillis(patience),
              null);
      var request = new Acquire(KEY, ask, new Reply<>());
      shard.handle(request);
      waiting.add(request);
    }

    private void renew(int which, int ttl) {
      if (!leases.isEmpty()) {
        Known known = leases.get(which % leases.size());
        LeaseToken token = LeaseToken.parse(known.lease).orElseThrow();
        var reply = new Reply<LeaseDecision>();
        shard.handle(new LeaseMessage.Renew(KEY, token.id(), Duration.ofMillis(ttl), reply));
        known.end = assertInstanceOf(LeaseDecision.Renewed.class, decided(reply)).expiresAt();
        assertEquals(clock.instant().plusMillis(ttl), known.end);
      }
    }

    private void release(int which) {
      if (!leases.isEmpty()) {
        Known known = leases.remove(which % leases.size());
        LeaseToken token = LeaseToken.parse(known.lease).orElseThrow();
        var reply = new Reply<LeaseDecision>();
        shard.handle(new LeaseMessage.Release(KEY, token.id(), reply));
        assertEquals(new LeaseDecision.Released(), decided(reply));
      }
    }

    private void goAway(int which, boolean heard) {
      if (!waiting.isEmpty()) {
        Acquire gone = waiting.remove(which % waiting.size());
        gone.reply().abandon();
        if (heard) {
          shard.handle(new LeaseMessage.Abandoned(gone));
        }
      }
    }

    private void forgetEnded() {
      leases.removeIf(known -> !known.end.isAfter(clock.instant()));
    }

    /** Takes in the answers that have come; nobody was served before one who came earlier. */
    private void hear() {
      boolean someoneWaits = false;
      for (Acquire each : List.copyOf(waiting)) {
        if (!each.reply().isDone()) {
          someoneWaits = true;
          continue;
        }
        waiting.remove(each);
        if (decided(each.reply()) instanceof Granted granted) {
          assertTrue(!someoneWaits, "overtook one who waits");
          assertTrue(granted.fence() > lastFence, "fences grow");
          lastFence = granted.fence();
          leases.add(new Known(granted.lease(), each.ask().permits(), granted.expiresAt()));
        }
      }
    }

    void check() {
      long out = leases.stream().mapToLong(known -> known.permits).sum();
      assertTrue(out <= LIMIT, out + " are out");
      var reply = new Reply<LeaseDecision>();
      shard.handle(new LeaseMessage.Look(KEY, LIMIT, reply));
      var held = assertInstanceOf(LeaseDecision.Held.class, decided(reply));
      assertEquals(out, held.out());
      assertEquals(leases.size(), held.holders().size());
      if (!waiting.isEmpty() && held.waiting() == waiting.size()) { // nobody has gone unheard
        long wanted = waiting.getFirst().ask().permits();
        assertTrue(out + wanted > LIMIT, "waits in vain for " + wanted + " while out are " + out);
      }
    }

    private static LeaseDecision decided(Reply<LeaseDecision> reply) {
      assertTrue(reply.isDone());
      return reply.stage().toCompletableFuture().join();
    }
  }

  @Property(tries = 1000)
  void neverMoreThanTheLimitAreOutAndNobodyOvertakes(@ForAll("runs") List<Step> steps) {
    var callers = new Callers();
    for (Step step : steps) {
      callers.carryOut(step);
      callers.check();
    }
  }

  @Provide
  Arbitrary<List<Step>> runs() {
    Arbitrary<Integer> which = Arbitraries.integers().between(0, 20);
    Arbitrary<Integer> times = Arbitraries.of(1, 10, 50, 100, 200, 1000);
    Arbitrary<Step> takes =
        Combinators.combine(
                Arbitraries.integers().between(1, (int) LIMIT),
                times,
                Arbitraries.of(0, 10, 100, 150, 1000))
            .as(Step.Take::new);
    Arbitrary<Step> others =
        Arbitraries.oneOf(
            Combinators.combine(which, times).as(Step.Renew::new),
            which.map(Step.Release::new),
            Combinators.combine(which, Arbitraries.of(true, false)).as(Step.GoAway::new),
            times.map(Step.Pass::new));
    return Arbitraries.oneOf(takes, others).list().ofMinSize(5).ofMaxSize(60);
  }
}
