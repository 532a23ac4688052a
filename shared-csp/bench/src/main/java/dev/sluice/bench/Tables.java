package dev.sluice.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The results as Markdown. What was not measured is "-". */
final class Tables {
  private static final String NONE = "-";

  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private Tables(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    Tables tables = new Tables(results);
    tables.head();
    tables.overview();
    tables.ratios();
    tables.details();
    tables.allocation();
    tables.sizes();
    tables.pinned();
    return tables.text.toString();
  }

  private void head() {
    line("# Channels side by side");
    line("");
    line("Written by `./sluice bench channels` from the files beside it. What the shapes and");
    line("contestants are, and how to read this, is in the README of the module.");
    line("");
    results.machine().forEach((key, value) -> line("- " + key + ": " + value));
    line("");
  }

  private void overview() {
    line("## Time");
    line("");
    line(
        "Nanoseconds an operation, median over the forks; the best of a row is bold, and `~` marks");
    line("a median whose forks lie more than a quarter of it apart.");
    line("");
    List<String> contestants = measured();
    row("shape", contestants);
    rule(contestants.size());
    results
        .cells()
        .forEach((shape, cells) -> {
          double best =
              cells.entrySet().stream()
                  .filter(cell -> !cell.getKey().equals("ParkFloor"))
                  .mapToDouble(cell -> cell.getValue().median())
                  .min()
                  .orElse(Double.NaN);
          row(Labels.of(shape), each(contestants, name -> time(cells.get(name), best)));
        });
    line("");
  }

  private static String time(@Nullable Cell cell, double best) {
    if (cell == null) {
      return NONE;
    }
    String time = number(cell.median()) + (cell.isUnstable() ? " ~" : "");
    return cell.median() == best ? "**" + time + "**" : time;
  }

  private void ratios() {
    line("## Sluice against each");
    line("");
    line("Sluice's time divided by theirs: below 1 Sluice is quicker.");
    line("");
    Map<String, Function<String, @Nullable Cell>> peers = new LinkedHashMap<>();
    peers.put("jox", shape -> results.cell(shape, "jox"));
    peers.put("kotlin", shape -> results.cell(shape, "kotlin"));
    peers.put("go", shape -> results.cell(shape, "go"));
    peers.put("best JDK queue", results::bestOfJdk);
    peers.put("LockedQueue", shape -> results.cell(shape, "LockedQueue"));
    row("shape", peers.keySet());
    rule(peers.size());
    Map<String, List<Double>> ratios = new LinkedHashMap<>();
    peers.keySet().forEach(peer -> ratios.put(peer, new ArrayList<>()));
    for (String shape : results.cells().keySet()) {
      Cell sluice = results.cell(shape, "sluice");
      if (sluice == null || Labels.classOf(shape).equals("ObservabilityBench")) {
        continue;
      }
      List<String> row = new ArrayList<>();
      peers.forEach((peer, find) -> {
        Cell theirs = find.apply(shape);
        if (theirs == null) {
          row.add(NONE);
        } else {
          double ratio = sluice.median() / theirs.median();
          ratios.getOrDefault(peer, List.of()).add(ratio);
          row.add(ratio(ratio));
        }
      });
      row(Labels.of(shape), row);
    }
    row("**geometric mean**", each(ratios.values(), Tables::geometricMean));
    row(
        "Sluice is quicker in",
        each(
            ratios.values(),
            all -> all.stream().filter(ratio -> ratio < 1).count() + " of " + all.size()));
    line("");
  }

  private static String geometricMean(List<Double> ratios) {
    return ratios.isEmpty()
        ? NONE
        : "**"
            + ratio(Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(Double.NaN)))
            + "**";
  }

  private void details() {
    line("## Every measurement");
    line("");
    line(
        "Spread: from the quickest fork to the slowest. Floor: the time as a multiple of the bare");
    line("park and unpark in the same shape, or else in rendezvous 1:1.");
    line("");
    List<String> columns = List.of("contestant", "ns/op", "spread", "ops/s", "x floor", "stable");
    row("shape", columns);
    rule(columns.size());
    for (String shape : results.cells().keySet()) {
      for (String contestant : measured()) {
        Cell cell = results.cell(shape, contestant);
        if (cell != null) {
          row(
              Labels.of(shape),
              List.of(
                  contestant,
                  number(cell.median()),
                  number(cell.min()) + " to " + number(cell.max()),
                  String.format(Locale.ROOT, "%,.0f", cell.perSecond()),
                  timesFloor(shape, cell),
                  cell.isUnstable() ? "no" : "yes"));
        }
      }
    }
    line("");
  }

  private String timesFloor(String shape, Cell cell) {
    Cell floor = results.cell(shape, "ParkFloor");
    if (floor == null) {
      floor = results.cell("RendezvousBench.oneToOne", "ParkFloor");
    }
    return floor == null ? NONE : ratio(cell.median() / floor.median());
  }

  private void allocation() {
    line("## Allocation");
    line("");
    line("Bytes an operation, the processes of the shape included.");
    line("");
    List<String> contestants = measured();
    row("shape", contestants);
    rule(contestants.size());
    results
        .cells()
        .forEach((shape, cells) ->
            row(Labels.of(shape), each(contestants, name -> bytes(cells.get(name)))));
    line("");
  }

  private static String bytes(@Nullable Cell cell) {
    return cell == null || Double.isNaN(cell.bytes()) ? NONE : number(cell.bytes());
  }

  private void sizes() {
    if (results.sizes().isEmpty()) {
      return;
    }
    line("## Size");
    line("");
    line(
        "Bytes on the heap; a waiting process with all that keeps it (thread or coroutine, stack,");
    line("place in the queue).");
    line("");
    List<String> contestants =
        Labels.CONTESTANTS.stream()
            .filter(
                name -> results.sizes().values().stream().anyMatch(row -> row.containsKey(name)))
            .toList();
    row("what", contestants);
    rule(contestants.size());
    results
        .sizes()
        .forEach((what, sizes) ->
            row(
                what,
                each(
                    contestants,
                    name -> sizes.containsKey(name) ? sizes.get(name).toString() : NONE)));
    line("");
  }

  private void pinned() {
    if (results.pinned().isEmpty()) {
      return;
    }
    line("## Pinned carriers");
    line("");
    line("How often a virtual thread waited while pinned to its carrier, in some seconds of each");
    line("contestant's shapes (the JDK's event `jdk.VirtualThreadPinned`, without threshold).");
    line("");
    row("", results.pinned().keySet());
    rule(results.pinned().size());
    row("times", each(results.pinned().values(), Object::toString));
    line("");
  }

  /** Those who have a measurement at all. */
  private List<String> measured() {
    return Labels.CONTESTANTS.stream()
        .filter(name -> results.cells().values().stream().anyMatch(row -> row.containsKey(name)))
        .toList();
  }

  private static <T> List<String> each(Collection<T> all, Function<T, String> text) {
    return all.stream().map(text).toList();
  }

  /** Three digits are more than the spread allows. */
  private static String number(double value) {
    String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  private void row(String first, Collection<String> rest) {
    line("| " + first + " | " + String.join(" | ", rest) + " |");
  }

  private void rule(int columns) {
    line("|---" + "|--:".repeat(columns) + "|");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
