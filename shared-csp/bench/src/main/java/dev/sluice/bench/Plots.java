package dev.sluice.bench;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The results as pictures, each as SVG and PNG. */
final class Plots {
  /** One colour a contestant, told apart by the colour-blind as well (Okabe and Ito's). */
  private static final Map<String, Color> COLORS =
      Map.of(
          "ParkFloor", new Color(0x999999),
          "sluice", new Color(0x0072B2),
          "sluice-in-scope", new Color(0x00517F),
          "jox", new Color(0xD55E00),
          "kotlin", new Color(0xCC79A7),
          "go", new Color(0x56B4E9),
          "SynchronousQueue", new Color(0x009E73),
          "ArrayBlockingQueue", new Color(0x009E73),
          "LinkedBlockingQueue", new Color(0xE69F00),
          "LockedQueue", new Color(0xF0E442));

  private static final String LATENCY = "PingPongBench.pingPong";
  private static final String THROUGHPUT = "BufferedBench.oneToOne:capacity=256";

  private final Results results;
  private final Path directory;

  private Plots(Results results, Path directory) {
    this.results = results;
    this.directory = directory;
  }

  /**
   * Writes them into the directory.
   *
   * @return their names without the ending
   */
  static List<String> write(Results results, Path directory) throws IOException {
    Plots plots = new Plots(results, directory);
    List<String> written = new ArrayList<>();
    for (String group :
        new String[] {"hand-off", "buffered", "fan", "fan-rendezvous", "select", "try"}) {
      if (plots.bars(group)) {
        written.add(group);
      }
    }
    if (plots.throughputAgainstLatency()) {
      written.add("throughput-latency");
    }
    return written;
  }

  private boolean bars(String group) throws IOException {
    List<String> classes = Labels.PLOTS.getOrDefault(group, List.of());
    List<String> shapes =
        new ArrayList<>(
            results.cells().keySet().stream()
                .filter(shape -> classes.contains(Labels.classOf(shape)))
                .toList());
    List<String> contestants =
        new ArrayList<>(
            Labels.CONTESTANTS.stream()
                .filter(name -> shapes.stream().anyMatch(s -> results.cell(s, name) != null))
                .toList());
    if (shapes.isEmpty()) {
      return false;
    }
    HorizontalBarChart chart =
        new HorizontalBarChartBuilder()
            .width(1000)
            .height(160 + shapes.size() * (14 * contestants.size() + 16))
            .title("ns per operation (less is better, logarithmic): " + group)
            .xAxisTitle("ns/op")
            .build();
    List<String> labels = shapes.stream().map(Labels::of).toList();
    double least =
        shapes.stream()
            .flatMap(shape -> results.cells().getOrDefault(shape, Map.of()).values().stream())
            .mapToDouble(Cell::median)
            .min()
            .orElseThrow();
    // XChart's bars can be logarithmic, but then the labels of its axis are not: so both are ours.
    double origin = Math.floor(Math.log10(least / 1.5));
    for (String contestant : contestants) {
      List<Double> lengths = new ArrayList<>();
      for (String shape : shapes) {
        Cell cell = results.cell(shape, contestant);
        lengths.add(cell == null ? Double.NaN : Math.log10(cell.median()) - origin);
      }
      chart
          .addSeries(contestant, lengths, labels)
          .setFillColor(COLORS.getOrDefault(contestant, Color.BLACK));
    }
    style(chart.getStyler());
    chart.getStyler().setXAxisMin(0.0);
    chart
        .getStyler()
        .setXAxisTickLabelsFormattingFunction(
            length -> String.format(Locale.ROOT, "%,.0f", Math.pow(10, length + origin)));
    chart.getStyler().setAvailableSpaceFill(0.85);
    save(chart, group);
    return true;
  }

  /** Each contestant is a point: how quickly it answers, and how much it passes on. */
  private boolean throughputAgainstLatency() throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(560)
            .title("Up and left is better")
            .xAxisTitle("latency: " + Labels.of(LATENCY) + ", ns")
            .yAxisTitle("throughput: " + Labels.of(THROUGHPUT) + ", million values/s")
            .build();
    boolean any = false;
    for (String contestant : Labels.CONTESTANTS) {
      Cell latency = results.cell(LATENCY, contestant);
      Cell throughput = results.cell(THROUGHPUT, contestant);
      if (latency != null && throughput != null) {
        any = true;
        chart
            .addSeries(
                contestant,
                new double[] {latency.median()},
                new double[] {throughput.perSecond() / 1e6})
            .setMarkerColor(COLORS.getOrDefault(contestant, Color.BLACK));
      }
    }
    if (!any) {
      return false;
    }
    style(chart.getStyler());
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(14);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setYAxisMin(0.0);
    save(chart, "throughput-latency");
    return true;
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
  }

  private void save(IChart chart, String name) throws IOException {
    for (String format : new String[] {"png", "svg"}) {
      ChartEncoder.saveChart(chart, directory.resolve(name + "." + format).toString(), format);
    }
  }
}
