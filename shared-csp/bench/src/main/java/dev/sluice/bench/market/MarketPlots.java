package dev.sluice.bench.market;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Rates and depths over time, and a histogram, as SVG. */
final class MarketPlots {
  private static final List<String> QUEUES =
      List.of("ingest", "normalise", "filter", "aggregate", "publish", "consumer");

  /** Told apart by the colour-blind as well (Okabe and Ito's). */
  private static final List<Color> COLORS =
      List.of(
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0x0072B2),
          new Color(0xD55E00));

  private MarketPlots() {}

  static void write(Path directory, Scenes.Slow slow, Scenes.Healthy healthy) throws IOException {
    save(rates(slow), directory.resolve("rates"));
    save(depths(slow), directory.resolve("depths"));
    save(latency(healthy), directory.resolve("latency"));
  }

  private static void save(XYChart chart, Path file) throws IOException {
    ChartEncoder.saveChart(chart, file + ".svg", "svg");
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(360)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    return chart;
  }

  private static void line(XYChart chart, String name, double[] xs, double[] ys, Color color) {
    XYSeries series = chart.addSeries(name, xs, ys);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
  }

  /** What the sources send and what the consumer takes, each as a share of what it was before. */
  private static XYChart rates(Scenes.Slow slow) {
    double ticks = slow.rate(0, slow.slowAt());
    double bars = slow.bars(0, slow.slowAt());
    double[] xs = xs(slow).skip(10).toArray();
    XYChart chart =
        chart(
            "The consumer slows down by ten at %.0f s and recovers at %.0f s"
                .formatted(slow.slowAt(), slow.quickAt()),
            "seconds",
            "share of the healthy rate, over 1 s");
    line(
        chart,
        "ticks of all sources",
        xs,
        xs(slow).skip(10).map(x -> slow.rate(x - 1, x) / ticks).toArray(),
        COLORS.get(4));
    line(
        chart,
        "bars taken",
        xs,
        xs(slow).skip(10).map(x -> slow.bars(x - 1, x) / bars).toArray(),
        COLORS.get(5));
    return chart;
  }

  private static DoubleStream xs(Scenes.Slow slow) {
    return slow.instants().stream().mapToDouble(Scenes.Instant::seconds);
  }

  private static XYChart depths(Scenes.Slow slow) {
    XYChart chart = chart("What waits in front of each stage", "seconds", "share of its capacity");
    double[] xs = xs(slow).toArray();
    for (int queue = 0; queue < QUEUES.size(); queue++) {
      int each = queue;
      line(
          chart,
          QUEUES.get(queue),
          xs,
          slow.instants().stream().mapToDouble(instant -> instant.depths()[each]).toArray(),
          COLORS.get(queue));
    }
    return chart;
  }

  private static XYChart latency(Scenes.Healthy healthy) {
    XYChart chart =
        chart(
            "%,.0f ticks a second: the oldest tick of each bar, end to end"
                .formatted(healthy.ticksPerSecond()),
            "milliseconds beyond the window of 1 s",
            "share of the bars");
    double[] counts = new double[41];
    for (long nanos : healthy.latencies()) {
      double beyond = nanos / 1e6 - 1_000;
      counts[(int) Math.clamp(beyond + 10, 0, 40)] += 1.0 / healthy.latencies().length;
    }
    double[] xs = IntStream.range(-10, 31).mapToDouble(i -> i).toArray();
    XYSeries series = chart.addSeries("bars", xs, counts);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(COLORS.get(4));
    series.setFillColor(new Color(0x56B4E9));
    return chart;
  }
}
