package dev.sluice.limiter.bench;

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
 * @param crowd whether a bucket grants what it holds and no more
 * @param keys what many keys take
 */
record Results(Effort effort, List<Duel> duels, Crowd crowd, ManyKeys keys) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  /** What is not side by side with anything. */
  List<Fact> facts() {
    double mib = 1 << 20;
    return List.of(
        Fact.of(
            text(
                "%,d callers at once at a bucket of %d, %d times",
                crowd.callers(), crowd.bucket(), crowd.granted().size()),
            text(
                "%d to %d granted",
                crowd.granted().stream().mapToInt(each -> each).min().orElseThrow(),
                crowd.granted().stream().mapToInt(each -> each).max().orElseThrow()),
            "exactly " + crowd.bucket(),
            crowd.isExact()),
        Fact.of(
            text(
                "%,d live keys in one process with -Xmx%.0fm",
                keys.keys(), keys.maxHeapBytes() / mib),
            text(
                "%,.0f MiB of heap in use, %.0f bytes a key; made in %.1f s",
                keys.heapBytes() / mib,
                (double) keys.heapBytes() / keys.keys(),
                keys.fillSeconds()),
            "they fit",
            keys.heapBytes() <= keys.maxHeapBytes()),
        Fact.of(
            "p99 of requests while they are swept, and while not",
            text(
                "%.0f and %.0f microseconds, %.2f times",
                median(keys.sweptP99()), median(keys.unsweptP99()), keys.sweptRatio()),
            "at most " + ManyKeys.MOST_P99 + " times",
            keys.sweptRatio() <= ManyKeys.MOST_P99));
  }

  private static double median(List<Double> figures) {
    return Sample.median(figures.stream().mapToDouble(each -> each).toArray());
  }

  private static String text(String format, Object... figures) {
    return String.format(Locale.ROOT, format, figures);
  }
}
