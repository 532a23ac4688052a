package dev.sluice.market.edge;

import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.MarketView.ConsumerView;
import dev.sluice.market.model.MarketView.SourceView;
import dev.sluice.market.model.MarketView.StageView;
import dev.sluice.market.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A pipeline as text. */
public final class LiveView {
  private static final int BAR = 20;

  private LiveView() {}

  /**
   * The whole of it, for a terminal.
   *
   * @param view what is to be seen
   * @param heapBytes how much of the heap is used
   * @param width no line is longer
   * @return lines without their ends
   */
  public static List<String> lines(MarketView view, long heapBytes, int width) {
    var lines = new ArrayList<String>();
    lines.add(
        "%-11s %12s %12s  %-27s %8s %8s  %s"
            .formatted("stage", "in/s", "out/s", "waiting in front of it", "p50", "p99", "lost"));
    view.stages().forEach(stage -> lines.add(stage(stage)));
    lines.add("");
    lines.add(
        "%-11s %12s %-10s %s"
            .formatted("source", "ticks/s", "  breaker", "  lost at ingest, garbage"));
    view.sources().forEach(source -> lines.add(source(source)));
    lines.add("");
    lines.add(
        "%-11s %12s  %-12s %-27s %8s %8s  %s"
            .formatted(
                "consumer", "bars/s", "when full", "queue", "e2e p50", "e2e p99", "dropped"));
    view.consumers().forEach(consumer -> lines.add(consumer(consumer)));
    lines.add("");
    lines.add(
        "conservation: %,d checks, %,d faults %s   heap %,d MB"
            .formatted(
                view.conservation().checks(),
                view.conservation().faults(),
                view.conservation().first(),
                heapBytes >> 20));
    return lines.stream()
        .map(String::stripTrailing)
        .map(line -> line.length() > width ? line.substring(0, width) : line)
        .toList();
  }

  private static String stage(StageView stage) {
    boolean isSource = stage.stage() == Stage.SOURCE;
    return "%-11s %,12.0f %,12.0f  %-27s %8s %8s  %s"
        .formatted(
            stage.stage().label(),
            stage.inRate(),
            stage.outRate(),
            isSource ? "" : bar(stage.depth(), stage.capacity()),
            latency(stage.latency().samples(), stage.latency().p50()),
            latency(stage.latency().samples(), stage.latency().p99()),
            lost(stage.count()));
  }

  private static String source(SourceView source) {
    return "%-11s %,12.0f   %-10s %s"
        .formatted(
            source.name(),
            source.rate(),
            source.ended() ? "ended" : source.breaker().label(),
            lost(source.lost()));
  }

  private static String consumer(ConsumerView consumer) {
    return "%-11s %,12.0f  %-12s %-27s %8s %8s  %,d"
        .formatted(
            consumer.name(),
            consumer.rate(),
            consumer.policy().label(),
            bar(consumer.depth(), consumer.capacity()),
            latency(consumer.endToEnd().samples(), consumer.endToEnd().p50()),
            latency(consumer.endToEnd().samples(), consumer.endToEnd().p99()),
            consumer.count().allLost());
  }

  private static String latency(long samples, long nanos) {
    return samples == 0 ? "-" : DurationText.of(nanos);
  }

  static String bar(long depth, long capacity) {
    double share = capacity == 0 ? 0 : Math.clamp((double) depth / capacity, 0, 1);
    int full = (int) Math.round(share * BAR);
    return "[%s%s] %3.0f%%".formatted("#".repeat(full), ".".repeat(BAR - full), 100 * share);
  }

  private static String lost(Count count) {
    return count.lost().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getKey().label() + " " + "%,d".formatted(each.getValue()))
        .collect(Collectors.joining(", "));
  }

  /**
   * The gist of it, for a log.
   *
   * @param view what is to be seen
   * @param seconds since the start
   * @param heapBytes how much of the heap is used
   * @return one line
   */
  public static String line(MarketView view, long seconds, long heapBytes) {
    String depths =
        view.stages().stream()
            .skip(1)
            .map(stage ->
                "%s %.0f%%"
                    .formatted(
                        stage.stage().label(),
                        stage.capacity() == 0 ? 0 : 100.0 * stage.depth() / stage.capacity()))
            .collect(Collectors.joining(" "));
    String consumers =
        view.consumers().stream()
            .map(each ->
                "%s %.0f/s p99 %s dropped %,d"
                    .formatted(
                        each.name(),
                        each.rate(),
                        latency(each.endToEnd().samples(), each.endToEnd().p99()),
                        each.count().allLost()))
            .collect(Collectors.joining(", "));
    long open =
        view.sources().stream().filter(each -> each.breaker() != BreakerState.CLOSED).count();
    return "%4d s  %,9.0f ticks/s  waiting: %s | %s | isolated %d, lost %,d, faults %d, heap %d MB"
        .formatted(
            seconds,
            view.stages().getFirst().outRate(),
            depths,
            consumers,
            open,
            view.stages().stream()
                .filter(each -> each.stage() != Stage.FILTER)
                .mapToLong(each -> each.count().allLost())
                .sum(),
            view.conservation().faults(),
            heapBytes >> 20);
  }
}
