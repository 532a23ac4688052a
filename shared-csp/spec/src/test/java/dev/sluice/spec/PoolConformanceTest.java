package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.cspm.NotAllowedException;
import dev.sluice.cspm.Replay;
import dev.sluice.cspm.Script;
import dev.sluice.spec.PoolRun.Recording;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool does nothing that its model does not. */
@NoLeaks
@Timeout(300)
class PoolConformanceTest {
  private static final int RUNS = Integer.getInteger("conformance.runs", 4_000);
  private static final int SLOTS = 8;

  private final Script script;
  private final Map<String, Replay> replays = new HashMap<>();

  PoolConformanceTest() throws IOException {
    script = Script.loadResource("dev/sluice/spec/pool_trace.csp");
  }

  /** Of the model of that size. */
  private Replay replay(Recording recording) {
    String process = "POOL_TRACE(%d, %d)".formatted(recording.workers(), recording.queue());
    return replays.computeIfAbsent(process, name -> Replay.of(script, name)).fresh();
  }

  private static List<String> events(Recording recording) {
    return PoolRecorder.events(recording.steps(), SLOTS);
  }

  @Test
  void everyRunIsOneOfTheModel() throws Exception {
    var kinds = new HashSet<String>();
    long total = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      var recording = PoolRun.record(seed);
      List<String> events = events(recording);
      var replay = replay(recording);
      try {
        events.forEach(replay::event);
      } catch (NotAllowedException notAllowed) {
        throw new AssertionError("seed " + seed + ": " + events, notAllowed);
      }
      total += events.size();
      events.forEach(event -> kinds.add(event.replaceAll("\\..*", "")));
      assertEquals(Set.of(), unfinished(replay), () -> "left behind: " + events);
    }
    assertEquals(
        Set.of(
            "submit", "accept", "refuse", "giveup", "abandon", "start", "finish", "skip", "close",
            "closed", "cancel"),
        kinds);
    assertTrue(total > 10L * RUNS, "only " + total + " events in " + RUNS + " runs");
    System.out.printf("%,d runs of the pool, %,d events: all allowed%n", RUNS, total);
  }

  /** What the model would still have to do with jobs; a pool that has ended has none. */
  private static Set<String> unfinished(Replay replay) {
    var rest = new HashSet<>(replay.allowed());
    rest.removeIf(event -> event.matches("(submit|abandon)\\..*|cancel"));
    return rest;
  }

  // ---- wrong recordings

  @Test
  void aJobThatStartsTwiceIsRejectedThere() throws Exception {
    var recording = find(events -> indexOf(events, "start.") >= 0);
    List<String> events = events(recording);
    int start = indexOf(events, "start.");
    events.add(start + 1, events.get(start));
    assertRejected(recording, events, start + 1);
  }

  @Test
  void aJobThatFinishesBeforeItStartsIsRejectedThere() throws Exception {
    var recording = find(events -> finishesNext(events) >= 0);
    List<String> events = events(recording);
    int start = finishesNext(events);
    Collections.swap(events, start, start + 1);
    assertRejected(recording, events, start);
  }

  private static int finishesNext(List<String> events) {
    int start = 0;
    while (start + 1 < events.size()
        && !events.get(start).replace("start", "finish").equals(events.get(start + 1))) {
      start++;
    }
    return start + 1 < events.size() ? start : -1;
  }

  @Test
  void aJobThatIsLostAtTheEndIsRejectedWhenThePoolSaysThatItIsClosed() throws Exception {
    var recording = find(events -> startsLast(events) >= 0);
    List<String> events = events(recording);
    String start = events.remove(startsLast(events));
    events.remove(events.lastIndexOf(start.replace("start", "finish")));
    assertRejected(recording, events, events.indexOf("closed"));
  }

  /**
   * Where the last job starts, if nothing follows but ends: what came after it could not happen, or
   * not under its name, where it is left out.
   */
  private static int startsLast(List<String> events) {
    int start = events.size() - 1;
    while (start >= 0 && events.get(start).matches("(finish|abandon)\\..*|closed?")) {
      start--;
    }
    return start >= 0 && events.get(start).startsWith("start.") ? start : -1;
  }

  @Test
  void aRefusalByAnOpenPoolIsRejectedThere() throws Exception {
    var recording = find(events -> events.getFirst().startsWith("submit."));
    List<String> events = events(recording);
    events.add(1, events.getFirst().replace("submit", "refuse"));
    assertRejected(recording, events, 1);
  }

  @Test
  void jobsThatOvertakeAreRejectedWhereThereIsOneWorkerAndOneSubmitter() {
    var replay = Replay.of(script, "POOL_TRACE(1, 2)");
    for (String event : List.of("submit.0", "accept.0", "submit.1", "accept.1")) {
      replay.event(event);
    }
    assertThrows(NotAllowedException.class, () -> replay.event("start.0.1"));
    replay.event("start.0.0");
  }

  @Test
  void moreJobsThanThereIsRoomForAreRejected() {
    var replay = Replay.of(script, "POOL_TRACE(1, 1)");
    List.of("submit.0", "accept.0", "start.0.0", "submit.1", "accept.1", "submit.2")
        .forEach(replay::event);
    assertThrows(NotAllowedException.class, () -> replay.event("accept.2"));

    var rendezvous = Replay.of(script, "POOL_TRACE(1, 0)");
    List.of("submit.0", "accept.0", "submit.1").forEach(rendezvous::event);
    assertThrows(NotAllowedException.class, () -> rendezvous.event("accept.1"));
  }

  private static int indexOf(List<String> events, String beginning) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).startsWith(beginning)) {
        return i;
      }
    }
    return -1;
  }

  private Recording find(Predicate<List<String>> wanted) throws InterruptedException {
    for (long seed = 0; ; seed++) {
      var recording = PoolRun.record(seed);
      List<String> events = events(recording);
      if (indexOf(events, "cancel") < 0 && wanted.test(events)) {
        events.forEach(replay(recording)::event);
        return recording;
      }
    }
  }

  private void assertRejected(Recording recording, List<String> events, int where) {
    var replay = replay(recording);
    var rejected = assertThrows(NotAllowedException.class, () -> events.forEach(replay::event));
    assertEquals(where, rejected.index(), () -> rejected.getMessage() + " in " + events);
  }
}
