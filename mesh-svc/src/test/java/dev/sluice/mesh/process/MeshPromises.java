package dev.sluice.mesh.process;

import dev.sluice.cspm.NotAllowedException;
import dev.sluice.cspm.Replay;
import dev.sluice.cspm.Script;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The process {@code MESH_TRACE} of the model, by its parts: it is the parallel composition of the
 * promises, each over the events that it is about; so a recording is a trace of it exactly if what
 * each of them sees is a trace of that one. Their states come again and again, those of the whole
 * hardly ever, and what is known of a state is kept.
 */
final class MeshPromises {

  /** The promises, and what they are about, by the model's names. */
  private static final Map<String, String> PROMISES =
      Map.of(
          "NO_REPLY_WITHOUT_REQUEST", "ABOUT_REQUESTS",
          "ONE_ANSWER", "ABOUT_ANSWERS",
          "ONE_OWNER", "ABOUT_OWNERS",
          "NO_STALE_REPLY", "ABOUT_REPLIES",
          "NEVER_BACK", "ABOUT_ROUTES",
          "THE_LINE", "ABOUT_THE_LINE",
          "IN_ORDER_AND_ONCE", "ABOUT_RUNS");

  private record Promise(Replay model, Set<String> events) {}

  private final Map<String, Promise> promises = new LinkedHashMap<>();
  private final Set<String> all;

  MeshPromises() {
    try {
      Script script = Script.loadResource("dev/sluice/spec/mesh_trace.csp");
      PROMISES.forEach((promise, about) ->
          promises.put(
              promise,
              new Promise(
                  Replay.of(script, promise), Replay.of(script, "RUN(" + about + ")").allowed())));
      all = Replay.of(script, "RUN(RECORDED)").allowed();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Replays one recording.
   *
   * @throws NotAllowedException at the first event that one of them does not allow
   */
  void replay(List<String> recording) {
    if (!all.containsAll(recording)) {
      throw new IllegalArgumentException("not in the model's alphabet: " + recording);
    }
    for (Promise promise : promises.values()) {
      Replay run = promise.model.fresh();
      recording.stream().filter(promise.events::contains).forEach(run::event);
    }
  }
}
