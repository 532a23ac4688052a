package dev.sluice.bench.market;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures the market-data pipeline and writes table and plots.
 *
 * <pre>
 *   MarketBench DIRECTORY [--quick]
 *   MarketBench --contestant NAME WARM_UP_SECONDS SECONDS    (a JVM of its own for each run)
 * </pre>
 */
public final class MarketBench {
  private static final String HEAP = "-Xmx512m";

  private final Path directory;
  private final boolean quick;

  private MarketBench(Path directory, boolean quick) {
    this.directory = directory;
    this.quick = quick;
  }

  /** The program. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("--contestant")) {
      Contestant contestant =
          switch (args[1]) {
            case "sluice" -> new SluiceMarket();
            case "jox" -> new JoxMarket();
            case "kotlin" -> new FlowMarket();
            default -> throw new IllegalArgumentException("no contestant " + args[1]);
          };
      System.out.println(
          contestant.ticksPerSecond(Integer.parseInt(args[2]), Integer.parseInt(args[3])));
      System.exit(0);
    }
    new MarketBench(Path.of(args[0]), List.of(args).contains("--quick")).run();
  }

  private void run() throws IOException, InterruptedException {
    System.setProperty("java.awt.headless", "true");
    Map<String, double[]> peers = peers();
    say("healthy load");
    Scenes.Healthy healthy = Scenes.healthy(quick ? 8 : 20, quick ? 10 : 60);
    say("a consumer that slows down");
    Scenes.Slow slow = quick ? Scenes.slow(3, 4, 8, 4) : Scenes.slow(5, 10, 20, 10);
    say("cancelling");
    long[] cancel = Scenes.cancel(quick ? 40 : 200);
    MarketPlots.write(directory, slow, healthy);
    String text = text(peers, healthy, slow, cancel);
    Files.writeString(directory.resolve("market.md"), text);
    System.out.println(text);
  }

  private static void say(String what) {
    System.err.println("Measuring: " + what);
  }

  private Map<String, double[]> peers() throws IOException, InterruptedException {
    int rounds = quick ? 1 : 5;
    var runs = new TreeMap<String, double[]>();
    for (int round = 0; round < rounds; round++) {
      for (String name : List.of("sluice", "jox", "kotlin")) {
        say(name + ", round " + (round + 1));
        runs.computeIfAbsent(name, _ -> new double[rounds])[round] = once(name);
      }
    }
    runs.values().forEach(Arrays::sort);
    return runs;
  }

  private double once(String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                HEAP,
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                MarketBench.class.getName(),
                "--contestant",
                name,
                quick ? "5" : "15",
                quick ? "5" : "15")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(name + " failed");
    }
    return Double.parseDouble(out.strip());
  }

  private String text(
      Map<String, double[]> peers, Scenes.Healthy healthy, Scenes.Slow slow, long[] cancel)
      throws IOException {
    var lines = new ArrayList<String>();
    lines.add("# market measured\n");
    lines.add(
        "Written by `./sluice bench market" + (quick ? " --quick" : "") + "`. On this machine:\n");
    Path machine = directory.resolve("machine.txt");
    if (Files.exists(machine)) {
      Files.readAllLines(machine).forEach(line -> lines.add("- " + line));
    }
    lines.add(
        "\n| as fast as it can | ticks a second (median of the rounds) | all | sluice / it |");
    lines.add("|---|---|---|---|");
    double own = median(peers, "sluice");
    peers.forEach((name, all) ->
        lines.add(
            "| %s | %,.0f | %s | %.2f |"
                .formatted(
                    name,
                    median(peers, name),
                    Arrays.stream(all)
                        .mapToObj(each -> "%,.0f".formatted(each))
                        .reduce((a, b) -> a + ", " + b)
                        .orElse(""),
                    own / median(peers, name))));
    lines.add("\n| | found | goal |");
    lines.add("|---|---|---|");
    lines.add(
        "| healthy load: ticks a second | %,.0f | 1,000,000 |".formatted(healthy.ticksPerSecond()));
    lines.add("| dropped | %,d | 0 |".formatted(healthy.lost()));
    lines.add(
        "| end to end of the oldest tick of each bar, beyond the window of 1 s: p50, p99 | %.1f ms, %.1f ms | p99 below 20 ms |"
            .formatted(healthy.p50() / 1e6 - 1_000, healthy.p99() / 1e6 - 1_000));
    lines.add("| processors busy | %.2f of 2 | reported |".formatted(healthy.cpu()));
    double before = slow.rate(0, slow.slowAt());
    double barsBefore = slow.bars(0, slow.slowAt());
    double during = slow.rate(slow.slowAt() + 2, slow.quickAt());
    double bars = slow.bars(slow.slowAt() + 2, slow.quickAt());
    double pace = bars / barsBefore * before;
    lines.add(
        "| slow consumer: ticks a second before | %,.0f for %.0f bars | |"
            .formatted(before, barsBefore));
    lines.add(
        "| from 2 s after it slowed down | %,.0f for %.0f bars: %.2f of its pace of %,.0f | 0.9 to 1.1 |"
            .formatted(during, bars, during / pace, pace));
    lines.add(
        "| in its 3rd second | %.2f of its pace | 0.9 to 1.1 |"
            .formatted(slow.rate(slow.slowAt() + 2, slow.slowAt() + 3) / pace));
    lines.add(
        "| heap after collections: before, slow | %.1f MB, %.1f MB | flat |"
            .formatted(
                slow.heap(0, slow.slowAt()) / 1e6, slow.heap(slow.slowAt(), slow.quickAt()) / 1e6));
    lines.add(
        "| cancelled, %d runs: p50, p99, max | %.1f ms, %.1f ms, %.1f ms | p99 100 ms |"
            .formatted(
                cancel.length,
                cancel[cancel.length / 2] / 1e6,
                cancel[(int) (cancel.length * 0.99)] / 1e6,
                cancel[cancel.length - 1] / 1e6));
    return String.join("\n", lines) + "\n";
  }

  private static double median(Map<String, double[]> peers, String name) {
    double[] all = peers.getOrDefault(name, new double[] {Double.NaN});
    return all[all.length / 2];
  }
}
