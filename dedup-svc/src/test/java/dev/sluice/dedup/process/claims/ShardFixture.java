package dev.sluice.dedup.process.claims;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.dedup.process.claims.ClaimMessage.Owned;
import dev.sluice.dedup.process.claims.ClaimMessage.Request;
import dev.sluice.dedup.store.claims.ClaimKey;
import dev.sluice.dedup.store.claims.ClaimOperation;
import dev.sluice.dedup.store.claims.ClaimToken;
import dev.sluice.dedup.store.claims.MemoryClaimStore;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** One shard on a virtual clock, and those who ask it. */
final class ShardFixture {
  static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);
  static final Duration LEASE = Duration.ofSeconds(30);
  static final Duration TTL = Duration.ofHours(24);

  final VirtualClock clock = new VirtualClock();
  final Reply<Boolean> done = new Reply<>();
  final ClaimShard shard;
  private final boolean[] told = {false}; // by the test's one thread

  ShardFixture(int maxEntries, int maxWaiters) {
    this.shard =
        new ClaimShard(
            new MemoryClaimStore(maxEntries, 1_000_000),
            settings(maxWaiters),
            new EpochClock(clock),
            new SplittableRandom(7),
            new ClaimShard.Stopping(() -> told[0], done));
  }

  static ClaimSettings settings(int maxWaiters) {
    return new ClaimSettings(
        2,
        4096,
        maxWaiters,
        Duration.ofHours(1),
        Duration.ofHours(1),
        Duration.ofDays(30),
        1000,
        Duration.ofSeconds(10),
        SECRET);
  }

  static ClaimKey key(String key) {
    return new ClaimKey("payments", key, Fingerprint.of(SECRET, "payments", key));
  }

  Request claim(String key, Duration maxWait) {
    return claim(key, LEASE, null, maxWait);
  }

  Request claim(String key, Duration lease, String request, Duration maxWait) {
    var ask = new ClaimAsk("payments", key, lease, TTL, request, maxWait);
    var message = new Request(key(key), ask, new Reply<>());
    shard.handle(message);
    return message;
  }

  ClaimDecision complete(String key, String token, String body) {
    return owned(new ClaimOperation.Complete(key(key), token(token), response(body).stored()));
  }

  ClaimDecision abort(String key, String token) {
    return owned(new ClaimOperation.Abort(key(key), token(token)));
  }

  ClaimDecision renew(String key, String token, Duration lease) {
    return owned(new ClaimOperation.Renew(key(key), token(token), lease.toNanos()));
  }

  private ClaimDecision owned(ClaimOperation operation) {
    var reply = new Reply<ClaimDecision>();
    shard.handle(new Owned(operation, reply));
    return decided(reply);
  }

  ClaimCounts counts() {
    var reply = new Reply<ClaimCounts>();
    shard.handle(new ClaimMessage.GetCounts(reply));
    return reply.stage().toCompletableFuture().join();
  }

  void advance(Duration by) {
    clock.advance(by);
    shard.tick();
  }

  void stop() {
    told[0] = true;
    shard.tick();
  }

  static Response response(String body) {
    return new Response(
        201,
        List.of(new Response.Header("Location", "/payments/7")),
        body.getBytes(StandardCharsets.UTF_8),
        true);
  }

  static ClaimToken token(String text) {
    return ClaimToken.parse(text).orElseThrow();
  }

  static ClaimDecision.Claimed claimed(Request request) {
    return assertInstanceOf(ClaimDecision.Claimed.class, decided(request.reply()));
  }

  /** The body that is replayed. */
  static String replayed(Request request) {
    return replayed(decided(request.reply()));
  }

  static String replayed(ClaimDecision decision) {
    byte[] body = assertInstanceOf(ClaimDecision.Completed.class, decision).response().body();
    return new String(body, StandardCharsets.UTF_8);
  }

  static ClaimDecision decided(Request request) {
    return decided(request.reply());
  }

  static ClaimDecision decided(Reply<ClaimDecision> reply) {
    assertTrue(reply.isDone(), "not decided yet");
    return reply.stage().toCompletableFuture().join();
  }
}
