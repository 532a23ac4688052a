package dev.sluice.dedup.store.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.RedisKeys;
import dev.sluice.dedup.store.claims.ClaimOperation.Abort;
import dev.sluice.dedup.store.claims.ClaimOperation.Claim;
import dev.sluice.dedup.store.claims.ClaimOperation.Complete;
import dev.sluice.dedup.store.claims.ClaimOperation.Renew;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real server. */
@Timeout(120)
class RedisClaimStoreTest extends ClaimStoreContract {
  private static final ClaimToken MINE = new ClaimToken(1, 2);
  private static final ClaimToken YOURS = new ClaimToken(3, 4);
  private static RedisProcess server;

  private final ClaimsOnRedis redis = new ClaimsOnRedis(server.address(), KeyForm.HASHED);

  @BeforeAll
  static void start() {
    server = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Override
  protected ClaimStore store() {
    return redis.store();
  }

  @Override
  protected long now() {
    return redis.now();
  }

  @Override
  protected void awaitAnswers() {
    redis.awaitAnswers();
  }

  @Override
  protected void awaitInstant(long nanos) {
    redis.awaitInstant(nanos);
  }

  /** What comes back is as old as the way to the server and back. */
  @Override
  protected long translation() {
    return Duration.ofMinutes(1).toNanos();
  }

  @Test
  void aLeaseEndsByTheClockOfWhoAsks() {
    ClaimKey key = key("redis", "clocks");
    claimed(ask(new Claim(key, MINE, LONG, LONG, null)));
    for (long ahead : new long[] {-LONG, LONG}) {
      long theirs = now() + ahead;
      List<ClaimOutcome> outcomes = new ArrayList<>();
      store().submit(new Claim(key, YOURS, LONG, LONG, null), theirs, outcomes::add);
      store().flush();
      awaitAnswers();
      assertInProgress(theirs + LONG, outcomes.getFirst());
    }
  }

  @Test
  void goesOnWhenTheServerHasLostTheScript() {
    ClaimKey key = key("redis", "scripts");
    claimed(ask(new Claim(key, MINE, LONG, LONG, null)));
    server.command("SCRIPT FLUSH");

    assertEquals(new ClaimOutcome.Aborted(), ask(new Abort(key, MINE)));
  }

  @Test
  void twoInstancesShareTheClaims() {
    ClaimKey key = key("redis", "shared");
    claimed(ask(new Claim(key, MINE, LONG, LONG, null)));
    try (var other = new ClaimsOnRedis(server.address(), KeyForm.HASHED)) {
      assertInstanceOf(
          ClaimOutcome.InProgress.class, other.ask(new Claim(key, YOURS, LONG, LONG, null)));
      StoredResponse response = response(201, "done");
      ask(new Complete(key, MINE, response));
      ClaimOutcome.Completed replay =
          assertInstanceOf(
              ClaimOutcome.Completed.class, other.ask(new Claim(key, YOURS, LONG, LONG, null)));
      assertEquals(response, replay.response());
    }
  }

  @Test
  void aMebibyteOfAnyBytesComesBackAsItWent() {
    ClaimKey key = key("redis", "large");
    byte[] body = new byte[1 << 20];
    new Random(5).nextBytes(body);
    var response = new StoredResponse(200, List.of(), body, false);
    claimed(ask(new Claim(key, MINE, LONG, LONG, null)));
    ask(new Complete(key, MINE, response));

    ClaimOutcome.Completed replay =
        assertInstanceOf(
            ClaimOutcome.Completed.class, ask(new Claim(key, YOURS, LONG, LONG, null)));
    assertEquals(response, replay.response());
  }

  @Test
  void aKeyIsKeptAsLongAsItIsToBeRememberedAndThenGone() {
    server.command("FLUSHALL");
    ClaimKey key = key("redis", "ttl");
    claimed(ask(new Claim(key, MINE, LONG / 4, LONG, null)));
    long most = Duration.ofNanos(LONG).toMillis();
    assertLeft(key, most / 2, most + 1);
    claimed(ask(new Renew(key, MINE, 2 * LONG)));
    assertLeft(key, most, 2 * most + 1);

    ask(new Abort(key, MINE));
    claimed(ask(new Claim(key, YOURS, SHORT, SHORT, null)));
    Patience.until("an empty server", () -> server.command("DBSIZE").equals(":0"));
  }

  private static void assertLeft(ClaimKey key, long more, long most) {
    String name = new RedisKeys(KeyForm.HASHED).whole("sluice:claim:", key.namespace(), key.key());
    long millis = Long.parseLong(server.command("PTTL " + name).substring(1));
    assertTrue(millis > more && millis <= most, millis + "ms");
  }

  @Test
  void aServerWithoutMemoryTakesNoNewClaimsButThoseThereAreGoOn() {
    ClaimKey held = key("redis", "held");
    ClaimKey aborted = key("redis", "aborted");
    claimed(ask(new Claim(held, MINE, LONG, LONG, null)));
    claimed(ask(new Claim(aborted, MINE, LONG, LONG, null)));
    server.command("CONFIG SET maxmemory 1");
    try {
      assertFull(ask(new Claim(key("redis", "new"), MINE, LONG, LONG, null)));
      assertInstanceOf(
          ClaimOutcome.InProgress.class, ask(new Claim(held, YOURS, LONG, LONG, null)));
      claimed(ask(new Renew(held, MINE, LONG)));
      assertFull(ask(new Complete(held, MINE, response(200, "no room for this"))));
      assertEquals(new ClaimOutcome.Aborted(), ask(new Abort(aborted, MINE)));
    } finally {
      server.command("CONFIG SET maxmemory 0");
    }
    assertInstanceOf(
        ClaimOutcome.Completed.class, ask(new Complete(held, MINE, response(200, "now"))));
  }

  private static void assertFull(ClaimOutcome outcome) {
    ClaimOutcome.Failed failed = assertInstanceOf(ClaimOutcome.Failed.class, outcome);
    assertInstanceOf(StoreFailure.Full.class, failed.why());
  }

  @Test
  void aServerThatHasDiedIsSaidAtOnceAndOneThatIsBackKnowsTheClaim() {
    ClaimKey key = key("redis", "mortal");
    try (var mortal = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        var mortals = new ClaimsOnRedis(mortal.address(), KeyForm.HASHED)) {
      claimed(mortals.ask(new Claim(key, MINE, LONG, LONG, null)));
      mortal.kill();
      mortals.awaitReady(false);

      ClaimOutcome.Failed failed =
          assertInstanceOf(
              ClaimOutcome.Failed.class, mortals.ask(new Complete(key, MINE, response(200, "x"))));
      assertInstanceOf(StoreFailure.Unavailable.class, failed.why());
      assertFalse(mortals.store().isWaiting());

      mortal.restart();
      mortals.awaitReady(true);
      assertInstanceOf(
          ClaimOutcome.InProgress.class, mortals.ask(new Claim(key, YOURS, LONG, LONG, null)));
      assertInstanceOf(
          ClaimOutcome.Completed.class, mortals.ask(new Complete(key, MINE, response(200, "x"))));
    }
  }
}
