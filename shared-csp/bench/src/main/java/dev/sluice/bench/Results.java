package dev.sluice.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a run has left in its directory. Each file may be missing: then so are its numbers.
 *
 * @param cells shape, then contestant
 * @param sizes what takes how many bytes: thing, then contestant
 * @param pinned contestant, then how often its threads waited pinned
 * @param machine what {@code machine.txt} says, line by line: key, then value
 */
record Results(
    SortedMap<String, Map<String, Cell>> cells,
    Map<String, Map<String, Long>> sizes,
    Map<String, Long> pinned,
    Map<String, String> machine) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As {@code BenchmarkChannels/BufferedBench.oneToOne:capacity=16-2 10 123 ns/op 4 B/op}. */
  private static final Pattern GO_LINE =
      Pattern.compile("Benchmark\\w+/(\\S+?)(?:-\\d+)?\\s+\\d+\\s+(.*)");

  private static final Pattern GO_VALUE = Pattern.compile("([0-9.e+-]+) (ns/op|heap-B/op)");

  static Results read(Path directory) throws IOException {
    SortedMap<String, Map<String, Cell>> cells = new TreeMap<>(Labels::compare);
    readJmh(directory.resolve("channels.json"), cells);
    readGo(directory.resolve("go.txt"), cells);
    return new Results(
        cells,
        readJson(directory.resolve("sizes.json"), new TypeReference<>() {}, Map.of()),
        readJson(directory.resolve("pinned.json"), new TypeReference<>() {}, Map.of()),
        readMachine(directory.resolve("machine.txt")));
  }

  /** What the contestant needs in the shape; null when that was not measured. */
  @Nullable Cell cell(String shape, String contestant) {
    return cells.getOrDefault(shape, Map.of()).get(contestant);
  }

  /** The quickest of the JDK's queues in the shape; null when none was measured. */
  @Nullable Cell bestOfJdk(String shape) {
    Cell best = null;
    for (String queue : Labels.JDK) {
      Cell cell = cell(shape, queue);
      if (cell != null && (best == null || cell.median() < best.median())) {
        best = cell;
      }
    }
    return best;
  }

  private static void readJmh(Path file, Map<String, Map<String, Cell>> cells) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    for (JsonNode benchmark : JSON.readTree(file.toFile())) {
      Map<String, String> params = new TreeMap<>();
      for (var param : benchmark.path("params").properties()) {
        params.put(param.getKey(), param.getValue().asText());
      }
      String contestant = params.remove("contestant");
      if (contestant == null) {
        throw new IOException(file + ": a benchmark without a contestant: " + benchmark);
      }
      double[] forks =
          StreamSupport.stream(
                  benchmark.at("/primaryMetric/rawData").spliterator(), /* parallel= */ false)
              .mapToDouble(Results::mean)
              .toArray();
      JsonNode bytes = benchmark.at("/secondaryMetrics/gc.alloc.rate.norm/score");
      put(
          cells,
          shape(benchmark.path("benchmark").asText(), params),
          contestant,
          Cell.of(forks, bytes.isNumber() ? bytes.asDouble() : Double.NaN));
    }
  }

  private static double mean(JsonNode iterations) {
    return StreamSupport.stream(iterations.spliterator(), /* parallel= */ false)
        .mapToDouble(JsonNode::asDouble)
        .average()
        .orElseThrow();
  }

  private static String shape(String benchmark, Map<String, String> params) {
    int method = benchmark.lastIndexOf('.');
    int type = benchmark.lastIndexOf('.', method - 1);
    StringBuilder shape = new StringBuilder(benchmark.substring(type + 1));
    params.forEach((name, value) -> shape.append(':').append(name).append('=').append(value));
    return shape.toString();
  }

  private static void readGo(Path file, Map<String, Map<String, Cell>> cells) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Map<String, List<Double>> times = new LinkedHashMap<>();
    Map<String, Double> bytes = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      Matcher benchmark = GO_LINE.matcher(line);
      if (benchmark.matches()) {
        String shape = benchmark.group(1);
        Matcher value = GO_VALUE.matcher(benchmark.group(2));
        while (value.find()) {
          double number = Double.parseDouble(value.group(1));
          if (value.group(2).equals("ns/op")) {
            times.computeIfAbsent(shape, _ -> new ArrayList<>()).add(number);
          } else {
            bytes.put(shape, number);
          }
        }
      }
    }
    times.forEach((shape, counts) ->
        put(
            cells,
            shape,
            "go",
            Cell.of(
                counts.stream().mapToDouble(Double::doubleValue).toArray(),
                bytes.getOrDefault(shape, Double.NaN))));
  }

  private static void put(
      Map<String, Map<String, Cell>> cells, String shape, String contestant, Cell cell) {
    cells.computeIfAbsent(shape, _ -> new LinkedHashMap<>()).put(contestant, cell);
  }

  private static <T> T readJson(Path file, TypeReference<T> type, T otherwise) throws IOException {
    return Files.exists(file) ? JSON.readValue(file.toFile(), type) : otherwise;
  }

  private static Map<String, String> readMachine(Path file) throws IOException {
    Map<String, String> machine = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int colon = line.indexOf(": ");
        if (colon > 0) {
          machine.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
    }
    return machine;
  }
}
