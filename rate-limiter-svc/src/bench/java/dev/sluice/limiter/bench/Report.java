package dev.sluice.limiter.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Makes tables and plots of the figures in a directory, and puts them there as well. */
final class Report {
  /** Told apart by the colour-blind as well (Okabe and Ito's). */
  private static final Color FLOOR = new Color(0x999999);

  private static final Color OWN = new Color(0x0072B2);

  private final Results results;
  private final Path directory;

  private Report(Results results, Path directory) {
    this.results = results;
    this.directory = directory;
  }

  /** Takes the directory. */
  public static void main(String... args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    Path directory = Path.of(args[0]);
    Results results =
        new ObjectMapper().readValue(directory.resolve("limiter.json").toFile(), Results.class);
    var report = new Report(results, directory);
    report.plot("throughput", "Requests a second: more is better", Sample::perSecond);
    report.plot("latency", "p99 in milliseconds: less is better", Sample::p99);
    String text = report.text();
    Files.writeString(directory.resolve("limiter.md"), text);
    System.out.println("\n" + report.duels() + "\n" + report.rest());
  }

  private String text() throws IOException {
    var machine = new StringBuilder();
    Path file = directory.resolve("machine.txt");
    if (Files.exists(file)) {
      Files.readAllLines(file).forEach(line -> machine.append("- ").append(line).append('\n'));
    }
    return """
    # The limiter measured

    Written by `./sluice bench limiter` from the files beside it. What is measured, and how to read this, is in
    the README one directory up.

    %s
    ## Side by side

    Medians of %d rounds of %d seconds; the ratios are medians of the rounds' own ratios.

    %s
    ## Exactness, keys, sweeps

    %s
    ## Plots

    ![requests a second](throughput.svg)

    ![p99](latency.svg)
    """
        .formatted(machine, results.effort().rounds(), results.effort().seconds(), duels(), rest());
  }

  private String duels() {
    var table =
        new StringBuilder(
            """
            | what | beside | its req/s | req/s | ratio | its p99 | p99 | ratio | goals |
            |---|---|--:|--:|--:|--:|--:|--:|---|
            """);
    for (Duel duel : results.duels()) {
      table.append(
          row(
              "| %s | %s | %,.0f | %,.0f | %.2f | %.2f ms | %.2f ms | %.2f | %s |%n",
              duel.name(),
              duel.floor(),
              Sample.median(duel.floors(), Sample::perSecond),
              Sample.median(duel.own(), Sample::perSecond),
              duel.perSecondRatio(),
              Sample.median(duel.floors(), Sample::p99),
              Sample.median(duel.own(), Sample::p99),
              duel.p99Ratio(),
              goals(duel)));
    }
    return table.toString();
  }

  private static String goals(Duel duel) {
    return duel.mostP99() == Duel.NO_GOAL
        ? "-"
        : "at least %s: %s; at most %s: %s"
            .formatted(
                Duel.LEAST_PER_SECOND,
                met(duel.perSecondRatio() >= Duel.LEAST_PER_SECOND),
                duel.mostP99(),
                met(duel.p99Ratio() <= duel.mostP99()));
  }

  private String rest() {
    Crowd crowd = results.crowd();
    ManyKeys keys = results.keys();
    double mib = 1 << 20;
    return row(
        """
        | what | found | goal |
        |---|---|---|
        | %,d callers at once at a bucket of %d, %d times | %d to %d granted | exactly %d: %s |
        | %,d live keys in one process with -Xmx%.0fm | %,.0f MiB of heap in use, %.0f bytes a key; made in %.1f s | they fit: %s |
        | p99 of requests while they are swept, and while not | %.0f and %.0f microseconds, %.2f times | at most %s times: %s |
        """,
        crowd.callers(),
        crowd.bucket(),
        crowd.granted().size(),
        crowd.granted().stream().mapToInt(each -> each).min().orElseThrow(),
        crowd.granted().stream().mapToInt(each -> each).max().orElseThrow(),
        crowd.bucket(),
        met(crowd.isExact()),
        keys.keys(),
        keys.maxHeapBytes() / mib,
        keys.heapBytes() / mib,
        (double) keys.heapBytes() / keys.keys(),
        keys.fillSeconds(),
        met(keys.heapBytes() <= keys.maxHeapBytes()),
        median(keys.sweptP99()),
        median(keys.unsweptP99()),
        keys.sweptRatio(),
        ManyKeys.MOST_P99,
        met(keys.sweptRatio() <= ManyKeys.MOST_P99));
  }

  private void plot(String name, String title, ToDoubleFunction<Sample> figure) throws IOException {
    List<String> duels = results.duels().stream().map(Duel::name).toList().reversed();
    HorizontalBarChart chart =
        new HorizontalBarChartBuilder()
            .width(900)
            .height(120 + 70 * duels.size())
            .title(title)
            .build();
    List<Duel> reversed = results.duels().reversed();
    chart
        .addSeries(
            "what it is measured against",
            reversed.stream().map(duel -> Sample.median(duel.floors(), figure)).toList(),
            duels)
        .setFillColor(FLOOR);
    chart
        .addSeries(
            "the limiter",
            reversed.stream().map(duel -> Sample.median(duel.own(), figure)).toList(),
            duels)
        .setFillColor(OWN);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setLegendBorderColor(Color.WHITE);
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    chart.getStyler().setXAxisMin(0.0);
    ChartEncoder.saveChart(chart, directory.resolve(name + ".svg").toString(), "svg");
  }

  private static double median(List<Double> figures) {
    return Sample.median(figures.stream().mapToDouble(each -> each).toArray());
  }

  private static String met(boolean goal) {
    return goal ? "met" : "**missed**";
  }

  private static String row(String format, Object... figures) {
    return String.format(Locale.ROOT, format, figures);
  }
}
