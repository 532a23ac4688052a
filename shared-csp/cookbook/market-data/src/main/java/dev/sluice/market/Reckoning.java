package dev.sluice.market;

import dev.sluice.csp.Channel;
import dev.sluice.market.Conservation.Row;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Stage;
import dev.sluice.market.source.Feed;
import dev.sluice.market.stage.Gate;
import dev.sluice.market.stage.Normaliser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Adds up what became of everything, when all processes have ended: what the stages say they did,
 * and what still lies in the channels between them, is to agree to the tick.
 */
final class Reckoning {
  private final Market market;
  private final boolean cancelled;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  Reckoning(Market market, boolean cancelled) {
    this.market = market;
    this.cancelled = cancelled;
  }

  Conservation conservation() {
    row(Stage.SOURCE, sum(market.feeds().stream().map(Feed::count)), 0);
    row(Stage.INGEST, sum(market.gates().stream().map(Gate::count)), left(Stage.INGEST));
    row(
        Stage.NORMALISE,
        sum(market.normalisers().stream().map(Normaliser::count)),
        left(Stage.NORMALISE));
    row(Stage.FILTER, market.filter().count(), left(market.waitingForFilter()));
    row(Stage.AGGREGATE, market.aggregator().count(), left(market.waitingForAggregate()));
    publish();
    if (market.books().end() > 0) {
      faults.add("while it ran: " + market.books().firstFault());
    }
    return new Conservation(rows, faults);
  }

  private void row(Stage stage, Count did, long left) {
    Count count = withLeft(did, left);
    if (!rows.isEmpty()) {
      agree(rows.getLast().count().out(), count.in(), rows.getLast().name(), stage.label());
    }
    add(stage.label(), count);
  }

  private void publish() {
    Count handed = withLeft(market.publisher().count(), left(market.waitingForPublish()));
    agree(market.aggregator().bars(), handed.in(), "aggregate (bars)", "publish");
    add(Stage.PUBLISH.label(), handed);
    for (int i = 0; i < market.consumers().size(); i++) {
      Count offered = market.outlets().get(i).count();
      long taken = market.takers().get(i).taken();
      long left = left(market.queues().get(i));
      String name = "publish " + market.consumers().get(i).name();
      agree(offered.out(), taken + left, name, "its consumer");
      add(name, new Count(offered.in(), taken, offered.lost(), left + offered.held()));
      if (!cancelled) {
        agree(handed.out(), offered.in(), "publish", name);
      }
    }
  }

  private void add(String name, Count count) {
    rows.add(new Row(name, count));
    if (!count.isBalanced()) {
      faults.add(
          name
              + ": "
              + count.in()
              + " in, but "
              + (count.out() + count.allLost() + count.held())
              + " out, lost and held");
    }
    if (!cancelled && count.held() != 0) {
      faults.add(name + ": " + count.held() + " held, though it ended in good order");
    }
  }

  private void agree(long sent, long taken, String from, String to) {
    if (sent != taken) {
      faults.add(from + " sent " + sent + ", " + to + " has had " + taken);
    }
  }

  /** What lies in the input of a stage has come to it, and is held. */
  private static Count withLeft(Count count, long left) {
    return new Count(count.in() + left, count.out(), count.lost(), count.held() + left);
  }

  private long left(Stage stage) {
    return market.waiting(stage).stream().mapToLong(Reckoning::left).sum();
  }

  private static long left(Channel<?> channel) {
    var values = new ArrayList<Object>();
    channel.drainTo(values, Integer.MAX_VALUE);
    return values.stream().filter(value -> !(value instanceof Probe)).count();
  }

  private static Count sum(Stream<Count> counts) {
    return counts.reduce(new Count(0, 0, Map.of(), 0), Count::plus);
  }
}
