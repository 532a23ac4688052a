package dev.sluice.service.engine;

import dev.sluice.csp.Reply;
import dev.sluice.service.Answers;
import dev.sluice.store.StoreStatus;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The engine as metrics: {@code sluice_<service>_store_...}. The processes that keep something are
 * asked when Prometheus asks.
 */
@SuppressWarnings("deprecation") // as in ChannelMetrics
public final class EngineCollector extends Collector {
  private final Supplier<SequencedMap<String, Reply<StoreStatus>>> ask;
  private final String prefix;
  private final String spared;
  private final String sparedHelp;

  /**
   * Makes one, to be registered.
   *
   * @param prefix what the metrics' names begin with
   * @param spared what operations are called that were answered without the engine
   * @param sparedHelp why those were
   * @param ask asks every process that keeps something how it finds its engine
   */
  public EngineCollector(
      String prefix,
      String spared,
      String sparedHelp,
      Supplier<SequencedMap<String, Reply<StoreStatus>>> ask) {
    this.prefix = prefix;
    this.spared = spared;
    this.sparedHelp = sparedHelp;
    this.ask = ask;
  }

  /** Nothing when a process does not answer; its heartbeat tells of that. */
  @Override
  public List<MetricFamilySamples> collect() {
    Map<String, StoreStatus> shards = answers();
    if (shards.isEmpty()) {
      return List.of();
    }
    return List.of(
        up(shards),
        counter(shards, "asked", "Operations sent to the engine", StoreStatus::asked),
        counter(shards, "failed", "Operations sent that brought no outcome", StoreStatus::failed),
        counter(
            shards,
            "unasked",
            "Operations not sent because the engine is known to be down",
            StoreStatus::unasked),
        counter(shards, spared, sparedHelp, StoreStatus::spared));
  }

  private MetricFamilySamples up(Map<String, StoreStatus> shards) {
    var family =
        new GaugeMetricFamily(
            prefix + "up", "Whether the node is asked (1) or not (0)", List.of("shard", "node"));
    shards.forEach((shard, status) -> {
      for (StoreStatus.Node node : status.nodes()) {
        family.addMetric(List.of(shard, node.name()), node.up() ? 1 : 0);
      }
    });
    return family;
  }

  private MetricFamilySamples counter(
      Map<String, StoreStatus> shards,
      String name,
      String help,
      ToLongFunction<StoreStatus> count) {
    return new CounterMetricFamily(
        prefix + name, help, shards.values().stream().mapToLong(count).sum());
  }

  private Map<String, StoreStatus> answers() {
    var asked = ask.get();
    var names = asked.keySet().iterator();
    var answers = new LinkedHashMap<String, StoreStatus>();
    Answers.all(asked.values()).forEach(answer -> answers.put(names.next(), answer));
    return answers;
  }
}
