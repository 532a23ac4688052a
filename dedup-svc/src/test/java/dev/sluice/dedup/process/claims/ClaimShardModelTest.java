package dev.sluice.dedup.process.claims;

import static dev.sluice.dedup.process.claims.ShardFixture.decided;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.dedup.process.claims.ClaimDecision.Claimed;
import dev.sluice.dedup.process.claims.ClaimDecision.Completed;
import dev.sluice.dedup.process.claims.ClaimDecision.InProgress;
import dev.sluice.dedup.process.claims.ClaimMessage.Abandoned;
import dev.sluice.dedup.process.claims.ClaimMessage.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random runs of calls on one key, held after each of them against what callers know: at most one
 * owner, responses that nobody else has given, and nobody who waits while the key is free.
 */
class ClaimShardModelTest {
  private static final Duration[] TIMES =
      List.of(1, 10, 50, 100, 1_000).stream().map(Duration::ofMillis).toArray(Duration[]::new);

  private final ShardFixture shard = new ShardFixture(10, 100);
  private final List<Request> waiting = new ArrayList<>();
  private final List<Claimed> former = new ArrayList<>();
  private Claimed owner;
  private Instant leaseEnds = Instant.MIN;
  private String response;
  private long lastFence;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void neverMoreThanOneOwnerAndNobodyWaitsInVain(long seed) {
    var random = new SplittableRandom(seed);
    for (int step = 0; step < 3_000; step++) {
      carryOut(random, step);
      shard.shard.tick();
      forgetEnded();
      hear();
      assertTrue(waiting.isEmpty() || owner != null, "waits in vain, step " + step);
    }
    assertTrue(lastFence > 0);
    assertFalse(former.isEmpty());
  }

  private void carryOut(SplittableRandom random, int step) {
    Duration time = TIMES[random.nextInt(TIMES.length)];
    switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          waiting.add(shard.claim("k", time, null, random.nextBoolean() ? Duration.ZERO : time));
      case 3 -> goAway(random);
      case 4 -> complete("response " + step);
      case 5 -> abort();
      case 6 -> renew(time);
      case 7 -> comeTooLate(random);
      default -> shard.clock.advance(time);
    }
  }

  private void goAway(SplittableRandom random) {
    if (!waiting.isEmpty()) {
      Request gone = waiting.remove(random.nextInt(waiting.size()));
      gone.reply().abandon();
      if (random.nextBoolean()) {
        shard.shard.handle(new Abandoned(gone));
      }
    }
  }

  private void complete(String body) {
    if (owner != null) {
      assertInstanceOf(Completed.class, shard.complete("k", owner.token(), body));
      response = body;
      shard.shard.tick();
      hear();
      shard.clock.advance(ShardFixture.TTL); // so that the key is nobody's again
      response = null;
      former.add(owner);
      owner = null;
    }
  }

  private void abort() {
    if (owner != null) {
      assertEquals(new ClaimDecision.Aborted(), shard.abort("k", owner.token()));
      former.add(owner);
      owner = null;
    }
  }

  private void renew(Duration lease) {
    if (owner != null) {
      leaseEnds =
          assertInstanceOf(ClaimDecision.Renewed.class, shard.renew("k", owner.token(), lease))
              .leaseEnds();
      assertEquals(shard.clock.instant().plus(lease), leaseEnds);
    }
  }

  private void comeTooLate(SplittableRandom random) {
    if (!former.isEmpty()) {
      String token = former.get(random.nextInt(former.size())).token();
      assertEquals(new ClaimDecision.Lost(), shard.complete("k", token, "too late"));
      assertEquals(new ClaimDecision.Lost(), shard.abort("k", token));
    }
  }

  private void forgetEnded() {
    if (owner != null && !leaseEnds.isAfter(shard.clock.instant())) {
      former.add(owner);
      owner = null;
    }
  }

  /**
   * Takes in the answers that have come; nobody was granted the key before one who came earlier.
   */
  private void hear() {
    boolean someoneWaits = false;
    for (Request each : List.copyOf(waiting)) {
      if (!each.reply().isDone()) {
        someoneWaits = true;
        continue;
      }
      waiting.remove(each);
      switch (decided(each)) {
        case Claimed claimed -> {
          assertEquals(null, owner, "a second owner");
          assertFalse(someoneWaits, "overtook one who waits");
          assertTrue(claimed.fence() > lastFence, "fences grow");
          lastFence = claimed.fence();
          owner = claimed;
          leaseEnds = claimed.leaseEnds();
        }
        case Completed completed ->
            assertEquals(response, new String(completed.response().body(), StandardCharsets.UTF_8));
        case InProgress _ -> assertTrue(owner != null, "in progress, but nobody's");
        case ClaimDecision other -> throw new AssertionError(other);
      }
    }
  }
}
