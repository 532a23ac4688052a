package dev.sluice.mesh.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.load.Duel;
import dev.sluice.load.Fact;
import dev.sluice.load.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run has found.
 *
 * @param effort how much was measured
 * @param duels as many requests as can be done, round by round
 * @param steady requests at a steady rate
 * @param http durable requests over HTTP
 * @param healing how long workers that fail are missed
 */
record Results(
    Effort effort, List<Duel> duels, List<Steady> steady, Sample http, List<Healing> healing) {
  private static final double DETECTED_WITHIN = 2.5; // heartbeats
  private static final double SERVED_WITHIN = 1;
  private static final double NEARLY = 0.99; // what is under way at the end is not answered

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * Requests at a steady rate.
   *
   * @param what kind
   * @param perSecond how many were sent
   * @param sample what came of it; times run from when a request was due
   */
  record Steady(String what, int perSecond, Sample sample) {
    private Fact fact() {
      return Fact.of(
          text("%s requests, %,d a second", what, perSecond),
          text(
              "%,.0f a second answered, p50 %.2f ms, p99 %.2f ms",
              sample.perSecond(), sample.p50(), sample.p99()),
          text("%,d a second", perSecond),
          sample.perSecond() >= NEARLY * perSecond);
    }
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  /** What is not side by side with anything. */
  List<Fact> facts() {
    var facts = new ArrayList<Fact>();
    steady.forEach(each -> facts.add(each.fact()));
    facts.add(
        new Fact(
            "durable requests over HTTP, 64 callers",
            text(
                "%,.0f a second, p50 %.2f ms, p99 %.2f ms",
                http.perSecond(), http.p50(), http.p99()),
            "-"));
    healing.forEach(each -> facts.add(fact(each)));
    return facts;
  }

  private static Fact fact(Healing healing) {
    double bound = (DETECTED_WITHIN + SERVED_WITHIN) * Mesh.HEARTBEAT_MILLIS;
    double[] millis = healing.millis().stream().mapToDouble(each -> each).toArray();
    return Fact.of(
        text(
            "all shards of a worker served again after SIG%s, %d runs, heartbeat %d ms",
            healing.signal(), millis.length, Mesh.HEARTBEAT_MILLIS),
        text("median %,.0f ms, longest %,.0f ms", Sample.median(millis), healing.max()),
        text("at most %,.0f ms", bound),
        healing.max() <= bound);
  }

  private static String text(String format, Object... figures) {
    return String.format(Locale.ROOT, format, figures);
  }
}
