package dev.sluice.dedup.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.dedup.process.claims.ClaimDecision;
import dev.sluice.dedup.store.SeenOutcome;
import dev.sluice.store.StoreFailure;
import org.junit.jupiter.api.Test;

class DecisionTest {
  /** So that a stream tries again instead of ending. */
  @Test
  void aStoreThatTakesNoMoreHasNoRoomForTheRequest() {
    var busy = new StoreFailure.Busy("much");
    assertEquals(new Decision.NoRoom("much"), Decision.of(new SeenOutcome.Failed(busy)));
    assertEquals(new ClaimDecision.NoRoom("much"), ClaimDecision.of(busy));
  }
}
