package dev.sluice.dedup.bench;

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
 * @param streams what one connection carries
 * @param inProcess what batches cost without an edge, and what many keys take
 */
record Results(Effort effort, List<Duel> duels, Streams streams, InProcess inProcess) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  /** What is not side by side with anything. */
  List<Fact> facts() {
    double mib = 1 << 20;
    double lines = median(streams.linesPerSecond());
    double known = median(inProcess.knownPerProcessorSecond());
    double least = Math.min(known, inProcess.newPerProcessorSecond());
    return List.of(
        Fact.of(
            "one stream over HTTP, lines a second",
            text(
                "%,.0f; sent back without keys: %,.0f",
                lines, median(streams.bareLinesPerSecond())),
            text("at least %,d", Streams.LEAST_LINES),
            lines >= Streams.LEAST_LINES),
        new Fact(
            text("heap of the service while one stream runs for %d s", streams.longSeconds()),
            text(
                "at least %.0f MiB in use in the first third of the time, %.0f MiB in the last; %,d lines",
                streams.earlyHeapMib(), streams.lateHeapMib(), streams.longLines()),
            "flat"),
        Fact.of(
            text("batches of %d in process, keys a second of a processor", inProcess.batch()),
            text("%,.0f new, %,.0f known", inProcess.newPerProcessorSecond(), known),
            text("at least %,d", InProcess.LEAST_PER_PROCESSOR),
            least >= InProcess.LEAST_PER_PROCESSOR),
        Fact.of(
            text(
                "%,d live keys in one process with -Xmx%.0fm",
                inProcess.keys(), inProcess.maxHeapBytes() / mib),
            text(
                "%,.0f MiB of heap in use, %.0f bytes a key; seen in %.1f s",
                inProcess.heapBytes() / mib,
                (double) inProcess.heapBytes() / inProcess.keys(),
                inProcess.fillSeconds()),
            "they fit",
            inProcess.heapBytes() <= inProcess.maxHeapBytes()));
  }

  private static double median(List<Double> figures) {
    return Sample.median(figures.stream().mapToDouble(each -> each).toArray());
  }

  private static String text(String format, Object... figures) {
    return String.format(Locale.ROOT, format, figures);
  }
}
