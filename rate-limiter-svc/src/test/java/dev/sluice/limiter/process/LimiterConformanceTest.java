package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cspm.NotAllowedException;
import dev.sluice.cspm.Replay;
import dev.sluice.cspm.Script;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The shard does nothing that its model does not, and serves all whom it can. */
class LimiterConformanceTest {
  private static final int RUNS = Integer.getInteger("conformance.runs", 4_000);
  private static final int SLOTS = 4;
  private static final int PROMISED_BURST = 3; // of limiter_trace.csp

  /** A recorded run and the replay of the model of its size. */
  private record Recording(int burst, Replay replay, List<LimiterSteps.Step> steps) {
    List<String> events() {
      return LimiterSteps.events(steps, SLOTS);
    }
  }

  private final Script script;
  private final Map<String, Replay> replays = new HashMap<>();

  LimiterConformanceTest() throws IOException {
    script = Script.loadResource("dev/sluice/spec/limiter_shard.csp");
  }

  private Recording record(long seed) {
    var run = new LimiterRun(seed);
    String process = "LIMITER_SHARD(%d, %d)".formatted(run.burst(), run.waiters());
    var replay = replays.computeIfAbsent(process, name -> Replay.of(script, name)).fresh();
    return new Recording(run.burst(), replay, run.play());
  }

  @Test
  void everyRunIsOneOfTheModel() {
    var kinds = new HashSet<String>();
    long total = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      var recording = record(seed);
      List<String> events = recording.events();
      try {
        replay(recording.replay, events);
      } catch (NotAllowedException notAllowed) {
        throw new AssertionError("seed " + seed + ": " + events, notAllowed);
      }
      total += recording.replay.events();
      recording.steps.forEach(step -> kinds.add(step.what()));
    }
    assertEquals(
        Set.of("ask", "grant", "refuse", "queue", "leave", "refill", "back", "reset", "TICK"),
        kinds);
    System.out.printf("%,d runs of the limiter, %,d events: all allowed%n", RUNS, total);
  }

  @Test
  void everyRunKeepsWhatTheLimiterPromises() throws IOException {
    var promises = Script.loadResource("dev/sluice/spec/limiter_trace.csp");
    var replay = Replay.of(promises, "LIMITER_TRACE");
    long total = 0;
    for (long seed = 0; seed < RUNS / 2; seed++) {
      var recording = record(seed);
      if (recording.burst == PROMISED_BURST) {
        var fresh = replay.fresh();
        recording.events().stream().filter(event -> !event.equals("TICK")).forEach(fresh::event);
        total += fresh.events();
      }
    }
    assertTrue(total > RUNS, "only " + total + " events");
  }

  /** After a tick nobody must be left who could be served. */
  private static void replay(Replay replay, List<String> events) {
    for (String event : events) {
      if (!event.equals("TICK")) {
        replay.event(event);
      } else {
        assertTrue(
            replay.allowed().stream().noneMatch(next -> next.startsWith("grant")),
            () -> "not served after " + replay.events() + " events of " + events);
      }
    }
  }

  // ---- wrong recordings

  @Test
  void whoOvertakesTheLineIsRejectedThere() {
    var recording = find(events -> indexOf(events, "queue.") >= 0);
    List<String> events = recording.events();
    int queued = indexOf(events, "queue.");
    assertRejected(recording, replaced(events, queued, "queue", "grant"), queued);
  }

  @Test
  void aGrantThatIsGivenTwiceIsRejectedThere() {
    var recording = find(events -> indexOf(events, "grant.") >= 0);
    List<String> events = recording.events();
    int grant = indexOf(events, "grant.");
    events.add(grant + 1, events.get(grant));
    assertRejected(recording, events, grant + 1);
  }

  @Test
  void aRefusalOfWhoCouldBeGrantedIsRejectedThere() {
    var recording = find(events -> indexOf(events, "grant.") == 1);
    assertRejected(recording, replaced(recording.events(), 1, "grant", "refuse"), 1);
  }

  @Test
  void aGrantOfAPermitThatHasNotComeBackIsRejectedThere() {
    var recording = find(1, events -> grantedAfterRefill(events) >= 0);
    List<String> events = recording.events();
    int refill = grantedAfterRefill(events);
    events.remove(refill);
    assertRejected(recording, events, refill);
  }

  @Test
  void aRefillOfAFullBucketIsRejected() {
    var replay = Replay.of(script, "LIMITER_SHARD(2, 1)");
    assertThrows(NotAllowedException.class, () -> replay.event("refill"));
    List.of("ask.0.1", "grant.0", "refill").forEach(replay::event);
    assertThrows(NotAllowedException.class, () -> replay.event("refill"));
  }

  private static int grantedAfterRefill(List<String> events) {
    for (int i = 1; i < events.size(); i++) {
      if (events.get(i).startsWith("grant.") && events.get(i - 1).equals("refill")) {
        return i - 1;
      }
    }
    return -1;
  }

  private static List<String> replaced(List<String> events, int index, String from, String to) {
    var changed = new ArrayList<>(events);
    changed.set(index, events.get(index).replace(from, to));
    return changed;
  }

  private static int indexOf(List<String> events, String beginning) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).startsWith(beginning)) {
        return i;
      }
    }
    return -1;
  }

  private Recording find(Predicate<List<String>> wanted) {
    return find(2, wanted);
  }

  private Recording find(int burst, Predicate<List<String>> wanted) {
    for (long seed = 0; ; seed++) {
      var recording = record(seed);
      if (recording.burst == burst && wanted.test(recording.events())) {
        return recording;
      }
    }
  }

  private static void assertRejected(Recording recording, List<String> events, int where) {
    long ticksBefore = events.subList(0, where).stream().filter("TICK"::equals).count();
    var rejected = assertThrows(NotAllowedException.class, () -> replay(recording.replay, events));
    assertEquals(
        where - ticksBefore, rejected.index(), () -> rejected.getMessage() + " in " + events);
  }
}
