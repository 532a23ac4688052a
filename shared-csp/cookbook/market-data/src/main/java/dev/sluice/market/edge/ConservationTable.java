package dev.sluice.market.edge;

import dev.sluice.market.Conservation;
import dev.sluice.market.Conservation.Row;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Collectors;

/** What became of everything, as a table. */
public final class ConservationTable {
  private static final EnumSet<Loss> FILTERED = EnumSet.of(Loss.UNSUBSCRIBED);

  private ConservationTable() {}

  /** {@return the table and, below it, whether everything is accounted for} */
  public static String of(Conservation conservation) {
    var text = new StringBuilder();
    text.append(
        "%-26s %15s %15s %13s %13s %10s  %s%n"
            .formatted("", "in", "out", "dropped", "filtered", "in flight", ""));
    conservation.rows().forEach(row -> text.append(line(row)));
    if (conservation.isAccountedFor()) {
      text.append("in = out + dropped + filtered + in flight: every tick is accounted for\n");
    } else {
      conservation
          .faults()
          .forEach(fault -> text.append("UNACCOUNTED ").append(fault).append('\n'));
    }
    return text.toString();
  }

  private static String line(Row row) {
    Count count = row.count();
    long filtered = FILTERED.stream().mapToLong(count::lost).sum();
    String reasons =
        count.lost().entrySet().stream()
            .filter(each -> !FILTERED.contains(each.getKey()))
            .sorted(Map.Entry.comparingByKey())
            .map(each -> each.getKey().label() + " " + "%,d".formatted(each.getValue()))
            .collect(Collectors.joining(", "));
    return "%-26s %,15d %,15d %,13d %,13d %,10d  %s"
            .formatted(
                row.name() + (row.name().startsWith("publish") ? " (bars)" : ""),
                count.in(),
                count.out(),
                count.allLost() - filtered,
                filtered,
                count.held(),
                reasons)
            .stripTrailing()
        + "\n";
  }
}
