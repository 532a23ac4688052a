package dev.sluice.pool.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.load.Duel;
import dev.sluice.load.Fact;
import dev.sluice.load.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a run has found.
 *
 * @param effort how much was measured
 * @param duels round by round
 * @param endToEnd from submit to end
 * @param backlog what many queued jobs cost
 * @param instances three on one PostgreSQL
 */
record Results(
    Effort effort, List<Duel> duels, EndToEnd endToEnd, Backlog backlog, Instances instances) {
  private static final double MAX_HEAP_MIB = 512;
  private static final double LEAST_OF_EMPTY = 0.8;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  /** What is not side by side with anything. */
  List<Fact> facts() {
    double heap = backlog.heapBytes() / (1 << 20);
    double empty = median(backlog.emptyPerSecond());
    double full = median(backlog.fullPerSecond());
    return List.of(
        new Fact(
            "most jobs a second from submit to end, one pull worker, 64 callers",
            text("%,.0f", endToEnd.most()),
            "-"),
        new Fact(
            text("time from submit to durable end, at %,.0f jobs a second", endToEnd.most() / 2),
            text("p50 %.2f ms, p99 %.2f ms", endToEnd.half().p50(), endToEnd.half().p99()),
            "-"),
        Fact.of(
            text("heap with %,d queued jobs", backlog.jobs()),
            text("%.0f MiB after a collection", heap),
            text("at most %.0f MiB", MAX_HEAP_MIB),
            heap <= MAX_HEAP_MIB),
        Fact.of(
            text("submits a second over gRPC with %,d queued jobs", backlog.jobs()),
            text("%,.0f; into an empty queue %,.0f: %.2f", full, empty, full / empty),
            text("at least %.1f", LEAST_OF_EMPTY),
            full / empty >= LEAST_OF_EMPTY),
        new Fact(
            "three instances on PostgreSQL, submits a second",
            text(
                "%,.0f; the least over the most of an instance %.2f",
                instances.submitsPerSecond(), Instances.evenness(instances.submits())),
            "-"),
        new Fact(
            "three instances on PostgreSQL, a pull worker at each, jobs ended a second",
            text(
                "%,.0f; the least over the most of an instance %.2f",
                instances.endsPerSecond(), Instances.evenness(instances.ends())),
            "-"));
  }

  private static double median(List<Double> figures) {
    return Sample.median(figures.stream().mapToDouble(each -> each).toArray());
  }

  private static String text(String format, Object... figures) {
    return String.format(Locale.ROOT, format, figures);
  }
}
