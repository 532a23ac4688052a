package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.cspm.NotAllowedException;
import dev.sluice.cspm.Replay;
import dev.sluice.cspm.Script;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What recordings of the mesh are replayed against allows what is right, and nothing else. */
@Timeout(300)
class MeshTraceTest {
  private static final Replay MESH_TRACE = load();

  private static Replay load() {
    try {
      return Replay.of(Script.loadResource("dev/sluice/spec/mesh_trace.csp"), "MESH_TRACE");
    } catch (java.io.IOException missing) {
      throw new java.io.UncheckedIOException(missing);
    }
  }

  private static void replay(String... events) {
    var replay = MESH_TRACE.fresh();
    for (String event : events) {
      replay.event(event);
    }
  }

  private static List<String> words(String events) {
    return List.of(events.split(" "));
  }

  @Test
  void aStalledOwnerIsFencedAndItsLateReplyIsDropped() {
    replay(
        "accept.0",
        "own.0.0",
        "deliver.0.0.0",
        "accept.1",
        "deliver.0.0.1",
        "fence.0.0",
        "own.1.1",
        "takeback.1",
        "takeback.0",
        "deliver.1.1.0",
        "deliver.1.1.1",
        "run.0.0.0",
        "run.1.1.0",
        "drop.0.0.0",
        "answer.1.1.0",
        "run.1.1.1",
        "answer.1.1.1");
  }

  @Test
  void aRestartedRouterDeliversWhatIsUnansweredAndPerhapsWhatWasAnswered() {
    replay(
        "own.0.0",
        "accept.0",
        "accept.1",
        "deliver.0.0.0",
        "deliver.0.0.1",
        "run.0.0.0",
        "answer.0.0.0",
        "restart",
        "deliver.0.0.0",
        "deliver.0.0.1",
        "answer.0.0.0",
        "run.0.0.1",
        "answer.0.0.1",
        "accept.0",
        "deliver.0.0.0",
        "run.0.0.0",
        "answer.0.0.0");
    replay("own.0.0", "accept.0", "deliver.0.0.0", "run.0.0.0", "answer.0.0.0", "restart");
  }

  @Test
  void whatWasAnsweredBeforeARestartMayBeRunAfterALaterOneWhenTheStateIsLost() {
    replay(
        "own.0.0",
        "accept.0",
        "accept.1",
        "deliver.0.0.0",
        "run.0.0.0",
        "answer.0.0.0",
        "fence.0.0",
        "own.1.1",
        "deliver.1.1.1",
        "run.1.1.1",
        "restart",
        "deliver.1.1.0",
        "run.1.1.0");
  }

  @Test
  void whatTheStateKnowsIsNotRunAgainByTheNextOwner() {
    replay(
        "own.0.0",
        "accept.0",
        "deliver.0.0.0",
        "run.0.0.0",
        "release.0.0",
        "own.2.1",
        "takeback.0",
        "deliver.2.1.0",
        "answer.2.1.0",
        "drop.0.0.0");
  }

  @Test
  void epochsAndNamesAreUsedAgain() {
    var replay = MESH_TRACE.fresh();
    for (int ownership = 0; ownership < 20; ownership++) {
      String owner = "%d.%d".formatted(ownership % 3, ownership % 8);
      int request = ownership % 5;
      replay.event("own." + owner);
      replay.event("accept." + request);
      replay.event("deliver." + owner + "." + request);
      replay.event("run." + owner + "." + request);
      replay.event("answer." + owner + "." + request);
      replay.event("fence." + owner);
    }
    assertEquals(120, replay.events());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          own.0.0 accept.0 deliver.0.0.0                                          | answer.0.0.0
          own.0.0                                                                 | deliver.0.0.0
          own.0.0                                                                 | own.1.1
          own.0.0 fence.0.0                                                       | own.1.0
          own.0.0 accept.0                                                        | accept.0
          own.0.0 accept.0 accept.1                                               | deliver.0.0.1
          own.0.0 accept.0 deliver.0.0.0                                          | run.1.0.0
          own.0.0 accept.0 deliver.0.0.0 run.0.0.0                                | run.0.0.0
          own.0.0 accept.0 deliver.0.0.0 run.0.0.0                                | drop.0.0.0
          own.0.0 accept.0 deliver.0.0.0 release.0.0                              | run.0.0.0
          own.0.0 accept.0 deliver.0.0.0 fence.0.0 own.1.1                        | deliver.1.1.0
          own.0.0 accept.0 deliver.0.0.0 takeback.0                               | answer.0.0.0
          own.0.0 accept.0 accept.1 deliver.0.0.0 deliver.0.0.1                   | run.0.0.1 run.0.0.0
          own.0.0 accept.0 accept.1 deliver.0.0.0 deliver.0.0.1 fence.0.0 run.0.0.0 | run.0.0.1
          own.0.0 accept.0 accept.1 deliver.0.0.0 deliver.0.0.1 takeback.0        | accept.2
          own.0.0 accept.0 deliver.0.0.0 run.0.0.0 answer.0.0.0                   | answer.0.0.0
          own.0.0 accept.0 restart accept.1                                       | deliver.0.0.1
          own.0.0 fence.0.0 own.1.1 accept.0 deliver.1.1.0 takeback.0             | deliver.0.0.0
          """,
      delimiter = '|')
  void whatIsWrongIsRejectedAtTheEventThatIsWrong(String before, String wrong) {
    var replay = MESH_TRACE.fresh();
    words(before).forEach(replay::event);
    List<String> events = words(wrong);
    events.subList(0, events.size() - 1).forEach(replay::event);
    var rejected = assertThrows(NotAllowedException.class, () -> replay.event(events.getLast()));
    assertEquals(events.getLast(), rejected.event());
  }
}
