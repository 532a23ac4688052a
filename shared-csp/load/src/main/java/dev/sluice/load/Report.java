package dev.sluice.load;

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

/** Makes tables and plots of what was measured. */
public final class Report {
  /** Told apart by the colour-blind as well (Okabe and Ito's). */
  private static final Color FLOOR = new Color(0x999999);

  private static final Color OWN = new Color(0x0072B2);

  private final String name;
  private final Rounds rounds;
  private final List<Duel> duels;
  private final List<Fact> facts;
  private final Path directory;

  /**
   * @param name as in {@code ./sluice bench NAME}
   * @param rounds how the duels were fought
   * @param directory where it is put; a file {@code machine.txt} in it is made part of it
   */
  public Report(String name, Rounds rounds, List<Duel> duels, List<Fact> facts, Path directory) {
    this.name = name;
    this.rounds = rounds;
    this.duels = duels;
    this.facts = facts;
    this.directory = directory;
  }

  /** Writes table and plots, and prints the table. */
  public void write() throws IOException {
    System.setProperty("java.awt.headless", "true");
    plot("throughput", "Requests a second: more is better", Sample::perSecond);
    plot("latency", "p99 in milliseconds: less is better", Sample::p99);
    Files.writeString(directory.resolve(name + ".md"), text());
    System.out.println("\n" + duels() + "\n" + facts());
  }

  private String text() throws IOException {
    var machine = new StringBuilder();
    Path file = directory.resolve("machine.txt");
    if (Files.exists(file)) {
      Files.readAllLines(file).forEach(line -> machine.append("- ").append(line).append('\n'));
    }
    return """
    # %s measured

    Written by `./sluice bench %s` from the files beside it. What is measured, and how to read this, is in
    the README one directory up.

    %s
    ## Side by side

    Medians of %d rounds of %d seconds; the ratios are medians of the rounds' own ratios.

    %s
    ## And

    %s
    ## Plots

    ![requests a second](throughput.svg)

    ![p99](latency.svg)
    """
        .formatted(title(), name, machine, rounds.rounds(), rounds.seconds(), duels(), facts());
  }

  private String title() {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private String duels() {
    var table =
        new StringBuilder(
            """
            | what | beside | its req/s | req/s | ratio | its p99 | p99 | ratio | goals |
            |---|---|--:|--:|--:|--:|--:|--:|---|
            """);
    for (Duel duel : duels) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %,.0f | %,.0f | %.2f | %.2f ms | %.2f ms | %.2f | %s |%n",
              duel.name(),
              duel.floor(),
              Sample.median(duel.floors(), Sample::perSecond),
              Sample.median(duel.own(), Sample::perSecond),
              duel.perSecondRatio(),
              Sample.median(duel.floors(), Sample::p99),
              Sample.median(duel.own(), Sample::p99),
              duel.p99Ratio(),
              duel.goal().verdict(duel)));
    }
    return table.toString();
  }

  private String facts() {
    var table = new StringBuilder("| what | found | goal |\n|---|---|---|\n");
    for (Fact fact : facts) {
      table.append(
          String.format(Locale.ROOT, "| %s | %s | %s |%n", fact.what(), fact.found(), fact.goal()));
    }
    return table.toString();
  }

  private void plot(String file, String title, ToDoubleFunction<Sample> figure) throws IOException {
    List<String> names = duels.stream().map(Duel::name).toList().reversed();
    HorizontalBarChart chart =
        new HorizontalBarChartBuilder()
            .width(900)
            .height(120 + 70 * names.size())
            .title(title)
            .build();
    List<Duel> reversed = duels.reversed();
    chart
        .addSeries(
            "what it is measured against",
            reversed.stream().map(duel -> Sample.median(duel.floors(), figure)).toList(),
            names)
        .setFillColor(FLOOR);
    chart
        .addSeries(
            "the service",
            reversed.stream().map(duel -> Sample.median(duel.own(), figure)).toList(),
            names)
        .setFillColor(OWN);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setLegendBorderColor(Color.WHITE);
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    chart.getStyler().setXAxisMin(0.0);
    ChartEncoder.saveChart(chart, directory.resolve(file + ".svg").toString(), "svg");
  }
}
