package dev.sluice.mesh.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.Fingerprint;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.StateKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryShardStoreTest {
  private static final StateKey A = new StateKey("count", "a");
  private static final StateKey B = new StateKey("count", "b");
  private static final StateKey C = new StateKey("count", "c");

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final MemoryShardStore store = new MemoryShardStore(2, 3, 10, ShardState.EMPTY);

  @Test
  void keepsTheLatestStateOfEachKey() {
    assertNull(store.state(A, NOW));
    keep(A, "1", "r-1", "x");
    keep(A, "2", "r-2", "x");
    keep(B, "7", "r-3", "x");
    assertEquals("2", store.state(A, NOW));
    assertEquals("7", store.state(B, NOW));
    assertNull(store.state(new StateKey("other", "a"), NOW));
  }

  @Test
  void aRequestThatChangesNothingLeavesTheStateAndNeedsNoRoom() {
    keep(A, "1", "r-1", "x");
    keep(B, "1", "r-2", "x");
    keep(A, null, "r-3", "x");
    keep(C, null, "r-4", "x");
    assertEquals("1", store.state(A, NOW));
    assertNull(store.state(C, NOW));
  }

  @Test
  void refusesAKeyTooManyAndThenKeepsNothingOfIt() {
    keep(A, "1", "r-1", "x");
    keep(B, "1", "r-2", "x");
    var full = assertThrows(StoreFullException.class, () -> keep(C, "1", "r-3", "x"));
    assertEquals("the shard keeps the state of 2 keys, which is the most", full.getMessage());
    assertNull(store.answered("r-3"));
    keep(A, "2", "r-4", "x");
    assertEquals("2", store.state(A, NOW));
  }

  @Test
  void forgetsTheOldestAnswersWhenThereAreTooMany() {
    for (int i = 1; i <= 4; i++) {
      keep(A, "1", "r-" + i, "x");
    }
    assertNull(store.answered("r-1"));
    assertEquals(answer("x"), store.answered("r-2"));
    assertEquals(answer("x"), store.answered("r-4"));
  }

  @Test
  void forgetsTheOldestAnswersWhenTheyAreTooLongButNeverTheLatest() {
    keep(A, "1", "r-1", "123456");
    keep(A, "1", "r-2", "1234");
    assertEquals(answer("123456"), store.answered("r-1"), "10 characters have room");
    keep(A, "1", "r-3", "1");
    assertNull(store.answered("r-1"));
    keep(A, "1", "r-4", "12345678901234567890");
    assertNull(store.answered("r-3"));
    assertEquals(answer("12345678901234567890"), store.answered("r-4"));
    keep(A, "1", "r-5", "1");
    assertNull(store.answered("r-4"));
  }

  @Test
  void handsOverAllOfItAndNothingThatComesLater() {
    keep(A, "1", "r-1", "x");
    keep(B, "2", "r-2", "y");
    ShardState content = store.content();
    keep(A, "9", "r-3", "z");

    var next = new MemoryShardStore(2, 3, 10, content);
    assertEquals("1", next.state(A, NOW));
    assertEquals("2", next.state(B, NOW));
    assertEquals(answer("x"), next.answered("r-1"));
    assertEquals(answer("y"), next.answered("r-2"));
    assertNull(next.answered("r-3"));
    assertEquals(content, next.content());
  }

  @Test
  void theOrderOfForgettingIsHandedOverToo() {
    keep(A, "1", "r-1", "x");
    keep(A, "1", "r-2", "x");
    keep(A, "1", "r-3", "x");
    var next = new MemoryShardStore(2, 3, 10, store.content());
    next.keep(A, new KeyState("1", null), "r-4", answer("x"), NOW);
    assertNull(next.answered("r-1"));
    assertEquals(answer("x"), next.answered("r-2"));
  }

  @Test
  void fingerprintsDifferWhereTheRequestsDo() {
    var some = Fingerprint.of("key", "op", "payload");
    assertEquals(some, Fingerprint.of("key", "op", "payload"));
    assertNotEquals(some, Fingerprint.of("keyo", "p", "payload"));
    assertNotEquals(some, Fingerprint.of("key", "op", "payloae"));
    assertNotEquals(some, Fingerprint.of("key", "op", "payload", ""));
  }

  private static Answered answer(String reply) {
    return new Answered(new Fingerprint(1, 2), reply);
  }

  @Test
  void aStateThatIsWorthNothingAnyMoreIsNoState() {
    keepUntil(A, "1", "r-1", NOW.plusSeconds(10), NOW);
    assertEquals("1", store.state(A, NOW.plusSeconds(10).minusNanos(1)));
    assertNull(store.state(A, NOW.plusSeconds(10)));
  }

  @Test
  void whatHasExpiredMakesRoom() {
    keepUntil(A, "1", "r-1", NOW.plusSeconds(10), NOW);
    keepUntil(B, "1", "r-2", NOW.plusSeconds(20), NOW);
    assertThrows(
        StoreFullException.class,
        () -> keepUntil(C, "1", "r-3", null, NOW.plusSeconds(10).minusNanos(1)));
    keepUntil(C, "1", "r-3", null, NOW.plusSeconds(10));
    assertNull(store.state(A, NOW));
    assertEquals("1", store.state(B, NOW));
    assertEquals("1", store.state(C, NOW));
  }

  @Test
  void aStateThatIsRenewedLivesOn() {
    keepUntil(A, "1", "r-1", NOW.plusSeconds(10), NOW);
    keepUntil(A, "2", "r-2", NOW.plusSeconds(30), NOW);
    keepUntil(B, "1", "r-3", NOW.plusSeconds(30), NOW.plusSeconds(15));
    assertEquals("2", store.state(A, NOW.plusSeconds(20)));
    keepUntil(B, "2", "r-4", null, NOW.plusSeconds(40));
    assertEquals(1, store.content().states().size(), "A has been forgotten");
    assertEquals("2", store.state(B, NOW.plusSeconds(99)), "and B is for good now");
  }

  @Test
  void aStateThatIsToExpireSoonerDoes() {
    keepUntil(A, "1", "r-1", NOW.plusSeconds(30), NOW);
    keepUntil(A, "2", "r-2", NOW.plusSeconds(10), NOW);
    keepUntil(B, null, "r-3", null, NOW.plusSeconds(10));
    assertEquals(0, store.content().states().size());
  }

  @Test
  void whatExpiresIsHandedOverWithItsTime() {
    keepUntil(A, "1", "r-1", NOW.plusSeconds(10), NOW);
    var next = new MemoryShardStore(2, 3, 10, store.content());
    assertEquals("1", next.state(A, NOW));
    assertNull(next.state(A, NOW.plusSeconds(10)));
    next.keep(B, null, "r-2", answer("x"), NOW.plusSeconds(10));
    assertEquals(0, next.content().states().size());
  }

  private void keep(StateKey key, @Nullable String state, String id, String reply) {
    store.keep(key, state == null ? null : new KeyState(state, null), id, answer(reply), NOW);
  }

  private void keepUntil(
      StateKey key, @Nullable String state, String id, @Nullable Instant until, Instant now) {
    store.keep(key, state == null ? null : new KeyState(state, until), id, answer("x"), now);
  }
}
