package dev.sluice.mesh.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MemoryShardStoreTest {
  private static final StateKey A = new StateKey("count", "a");
  private static final StateKey B = new StateKey("count", "b");
  private static final StateKey C = new StateKey("count", "c");

  private final MemoryShardStore store = new MemoryShardStore(2, 3, 10, ShardState.EMPTY);

  @Test
  void keepsTheLatestStateOfEachKey() {
    assertNull(store.state(A));
    keep(A, "1", "r-1", "x");
    keep(A, "2", "r-2", "x");
    keep(B, "7", "r-3", "x");
    assertEquals("2", store.state(A));
    assertEquals("7", store.state(B));
    assertNull(store.state(new StateKey("other", "a")));
  }

  @Test
  void aRequestThatChangesNothingLeavesTheStateAndNeedsNoRoom() {
    keep(A, "1", "r-1", "x");
    keep(B, "1", "r-2", "x");
    keep(A, null, "r-3", "x");
    keep(C, null, "r-4", "x");
    assertEquals("1", store.state(A));
    assertNull(store.state(C));
  }

  @Test
  void refusesAKeyTooManyAndThenKeepsNothingOfIt() {
    keep(A, "1", "r-1", "x");
    keep(B, "1", "r-2", "x");
    var full = assertThrows(StoreFullException.class, () -> keep(C, "1", "r-3", "x"));
    assertEquals("the shard keeps the state of 2 keys, which is the most", full.getMessage());
    assertNull(store.answered("r-3"));
    keep(A, "2", "r-4", "x");
    assertEquals("2", store.state(A));
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
    assertEquals("1", next.state(A));
    assertEquals("2", next.state(B));
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
    next.keep(A, "1", "r-4", answer("x"));
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

  private void keep(StateKey key, String state, String id, String reply) {
    store.keep(key, state, id, answer(reply));
  }
}
