package dev.sluice.executable;

import dev.sluice.load.Duel;
import dev.sluice.load.Fact;
import dev.sluice.load.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was found of a service.
 *
 * @param module its name
 * @param build null when nothing is known of it
 * @param executableBytes the size of the executable
 * @param asExecutable what it takes and how soon it answers
 * @param onJvm the same on the JVM
 * @param duel the executable beside the JVM
 */
record Found(
    String module,
    @Nullable Build build,
    long executableBytes,
    Cost asExecutable,
    Cost onJvm,
    Duel duel) {
  private static final double MAX_SIZE_MB = 80;
  private static final double MAX_FIRST_ANSWER_MILLIS = 60;
  private static final double MAX_IDLE_MB = 60;

  /**
   * What a service takes in one of its two forms.
   *
   * @param firstAnswerMillis of each start
   * @param idleBytes of memory without load
   * @param loadedBytes of memory, at most
   */
  record Cost(double[] firstAnswerMillis, long idleBytes, long loadedBytes) {
    double medianFirstAnswer() {
      return Sample.median(firstAnswerMillis);
    }

    double lastFirstAnswer() {
      return Arrays.stream(firstAnswerMillis).max().orElseThrow();
    }
  }

  /** All but the duel. */
  List<Fact> facts() {
    double size = megabytes(executableBytes);
    double first = asExecutable.medianFirstAnswer();
    double idle = megabytes(asExecutable.idleBytes);
    var facts = new ArrayList<Fact>();
    if (build != null) {
      facts.add(
          new Fact(
              what("built in"),
              text(
                  "%.0f s, with %.1f GB at most (%s)",
                  build.seconds(), build.peakBytes() / 1e9, build.options()),
              "-"));
    }
    facts.add(
        Fact.of(
            what("executable"),
            text("%.1f MB", size),
            text("below %.0f MB", MAX_SIZE_MB),
            size < MAX_SIZE_MB));
    facts.add(
        Fact.of(
            what("first answer after exec"),
            text(
                "median %.0f ms, longest %.0f ms of %d; JVM %,.0f ms, %,.0f ms",
                first,
                asExecutable.lastFirstAnswer(),
                asExecutable.firstAnswerMillis.length,
                onJvm.medianFirstAnswer(),
                onJvm.lastFirstAnswer()),
            text("below %.0f ms", MAX_FIRST_ANSWER_MILLIS),
            first < MAX_FIRST_ANSWER_MILLIS));
    facts.add(
        Fact.of(
            what("in memory when idle"),
            text("%.0f MB; JVM %.0f MB", idle, megabytes(onJvm.idleBytes)),
            text("below %.0f MB", MAX_IDLE_MB),
            idle < MAX_IDLE_MB));
    facts.add(
        new Fact(
            what("in memory under load, at most"),
            text(
                "%.0f MB; JVM %.0f MB",
                megabytes(asExecutable.loadedBytes), megabytes(onJvm.loadedBytes)),
            "-"));
    return facts;
  }

  private String what(String figure) {
    return module + ": " + figure;
  }

  private static double megabytes(long bytes) {
    return bytes / 1e6;
  }

  private static String text(String format, Object... figures) {
    return String.format(Locale.ROOT, format, figures);
  }
}
