package dev.sluice.cspm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final Script SCRIPT =
      Script.of(
          "replay.csp",
          """
          channel in, out : {0..1}
          channel move, loss
          CELL = in?x -> (move -> out!x -> CELL |~| loss -> CELL)
          END = in.0 -> SKIP
          BUSY = move -> BUSY [] in.0 -> STOP
          """);

  private static void play(Replay replay, String... events) {
    for (String event : events) {
      replay.event(event);
    }
  }

  @Test
  void whatIsHiddenMayHaveHappenedOrNot() {
    var replay = Replay.of(SCRIPT, "CELL \\ {move, loss}");
    assertEquals(Set.of("in.0", "in.1"), replay.allowed());
    replay.event("in.1");
    assertEquals(Set.of("in.0", "in.1", "out.1"), replay.allowed());
    play(replay, "in.0", "out.0");
    assertEquals(Set.of("in.0", "in.1"), replay.allowed());
    assertEquals(3, replay.events());
  }

  @Test
  void whatIsNotAllowedIsSaidAndChangesNothing() {
    var replay = Replay.of(SCRIPT, "CELL \\ {move, loss}");
    play(replay, "in.1", "out.1", "in.1");
    var exception = assertThrows(NotAllowedException.class, () -> replay.event("out.0"));
    assertEquals("out.0", exception.event());
    assertEquals(3, exception.index());
    assertEquals(Set.of("in.0", "in.1", "out.1"), exception.allowed());
    assertEquals(List.of("in.1", "out.1", "in.1"), exception.before());
    assertEquals(
        "event 3, out.0, is not allowed after ... [in.1, out.1, in.1]: allowed is [in.0, in.1, out.1]",
        exception.getMessage());
    replay.event("out.1");
  }

  @Test
  void whatIsNoEventOfTheScriptIsNotAllowed() {
    var replay = Replay.of(SCRIPT, "CELL");
    for (String wrong : List.of("in.2", "in", "in.0.0", "other", "in.", "CELL", "1", "")) {
      var exception = assertThrows(NotAllowedException.class, () -> replay.event(wrong));
      assertEquals(wrong + " (no event of replay.csp)", exception.event());
    }
  }

  @Test
  void freshOnesBeginAtTheStartAndDisturbNoOther() {
    var replay = Replay.of(SCRIPT, "CELL");
    play(replay, "in.0", "move");
    var fresh = replay.fresh();
    assertEquals(Set.of("in.0", "in.1"), fresh.allowed());
    play(fresh, "in.1", "loss");
    assertEquals(0, replay.fresh().events());
    assertEquals(Set.of("out.0"), replay.allowed());
  }

  @Test
  void terminationIsTick() {
    var replay = Replay.of(SCRIPT, "END; out.1 -> SKIP");
    play(replay, "in.0", "out.1", "tick");
    assertEquals(Set.of(), replay.allowed());
  }

  @Test
  void endlessInternalStepsAreNoObstacle() {
    var replay = Replay.of(SCRIPT, "BUSY \\ {move}");
    replay.event("in.0");
    assertEquals(Set.of(), replay.allowed());
  }

  @Test
  void onlyTheLastEventsAreRemembered() {
    var replay = Replay.of(SCRIPT, "CELL");
    for (int i = 0; i < 100; i++) {
      play(replay, "in.0", "loss");
    }
    var exception = assertThrows(NotAllowedException.class, () -> replay.event("loss"));
    assertEquals(200, exception.index());
    assertEquals(20, exception.before().size());
  }
}
