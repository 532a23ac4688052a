package dev.sluice.market.edge;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.market.ConsumerSettings;
import dev.sluice.market.Market;
import dev.sluice.market.MarketObserver;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.MarketView.ConsumerView;
import dev.sluice.market.model.MarketView.SourceView;
import dev.sluice.market.model.MarketView.StageView;
import dev.sluice.market.model.Stage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a pipeline for Prometheus. One process owns what was last seen; each scrape has it
 * look again.
 */
public final class Metrics implements MarketObserver {
  private static final Duration[] END_TO_END = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(1_000),
    Duration.ofMillis(1_005),
    Duration.ofMillis(1_010),
    Duration.ofMillis(1_020),
    Duration.ofMillis(1_050),
    Duration.ofMillis(1_100),
    Duration.ofMillis(1_250),
    Duration.ofMillis(1_500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Timer> endToEnd;
  private final Channel<Reply<String>> scrapes;
  private @Nullable MarketView seen;

  /**
   * Figures of a pipeline that is to be started with this as its observer.
   *
   * @param scope where their process will live
   * @param consumers of the pipeline
   */
  public Metrics(Scope scope, List<ConsumerSettings> consumers) {
    var timers = new HashMap<String, Timer>();
    for (ConsumerSettings consumer : consumers) {
      timers.put(
          consumer.name(),
          Timer.builder("market.end.to.end")
              .description("from the oldest tick of a bar into the hands of the consumer")
              .tag("consumer", consumer.name())
              .serviceLevelObjectives(END_TO_END)
              .register(registry));
    }
    this.endToEnd = Map.copyOf(timers); // read by the consumers' processes, never changed
    this.scrapes = scope.port("scrapes", 16);
  }

  @Override
  public void delivered(String consumer, Bar bar, long nanos) {
    Timer timer = endToEnd.get(consumer);
    if (timer != null) {
      timer.record(Duration.ofNanos(nanos));
    }
  }

  /**
   * Answers scrapes until it is cancelled.
   *
   * @param market the pipeline
   * @throws InterruptedException it was cancelled
   */
  public void run(Market market) throws InterruptedException {
    new JvmMemoryMetrics().bindTo(registry);
    try {
      MarketView first = market.look().await();
      seen = first;
      first.stages().forEach(stage -> register(stage.stage()));
      for (int i = 0; i < first.sources().size(); i++) {
        registerSource(i, first.sources().get(i).name());
      }
      for (int i = 0; i < first.consumers().size(); i++) {
        registerConsumer(i, first.consumers().get(i).name());
      }
      gauge(
          "market.unaccounted",
          "checks that did not agree",
          Tags.empty(),
          view -> view.conservation().faults());
      for (Reply<String> scrape : scrapes) {
        answer(scrape, market);
      }
    } catch (IllegalStateException ended) {
      // the pipeline ended before it was looked at
    } finally {
      scrapes.tryClose();
      for (var each = scrapes.tryReceive(); each != null; each = scrapes.tryReceive()) {
        each.fail(new ChannelClosedException("the market has ended"));
      }
    }
  }

  private void answer(Reply<String> scrape, Market market) throws InterruptedException {
    try {
      seen = market.look().await();
    } catch (IllegalStateException ended) {
      // what was seen last is still true
    } catch (InterruptedException ending) {
      scrape.fail(new ChannelClosedException("the market has ended"));
      throw ending;
    }
    scrape.complete(registry.scrape());
  }

  /** {@return the figures in Prometheus' text format; fails when too many ask, or it has ended} */
  public Reply<String> scrape() {
    var reply = new Reply<String>();
    try {
      if (!scrapes.trySend(reply)) {
        reply.fail(new IllegalStateException("too many ask at once"));
      }
    } catch (ChannelClosedException ended) {
      reply.fail(ended);
    }
    return reply;
  }

  private void register(Stage stage) {
    Tags tags = Tags.of("stage", stage.label());
    counter("market.in", "taken by the stage", tags, view -> of(view, stage).count().in());
    counter("market.out", "sent on by the stage", tags, view -> of(view, stage).count().out());
    gauge("market.rate", "sent on a second", tags, view -> of(view, stage).outRate());
    gauge("market.queue.depth", "waiting", tags, view -> of(view, stage).depth());
    gauge("market.queue.capacity", "may wait", tags, view -> of(view, stage).capacity());
    gauge(
        "market.stage.latency.p99.seconds",
        "waiting for the stage and work of it, lately",
        tags,
        view -> of(view, stage).latency().p99() / 1e9);
    for (Loss loss : Loss.values()) {
      if (isAt(loss, stage)) {
        counter(
            "market.lost",
            "dropped or filtered by the stage",
            tags.and("reason", loss.label()),
            view -> of(view, stage).count().lost(loss));
      }
    }
  }

  private static boolean isAt(Loss loss, Stage stage) {
    return stage
        == switch (loss) {
          case CAPPED, ISOLATED -> Stage.INGEST;
          case GARBAGE -> Stage.NORMALISE;
          case UNSUBSCRIBED -> Stage.FILTER;
          case LATE, EARLY -> Stage.AGGREGATE;
          case DROPPED_NEWEST, DROPPED_OLDEST -> null; // of a consumer
        };
  }

  private void registerSource(int index, String name) {
    Tags tags = Tags.of("source", name);
    counter("market.source.ticks", "sent by the source", tags, view -> source(view, index).made());
    gauge("market.source.rate", "ticks a second", tags, view -> source(view, index).rate());
    gauge(
        "market.breaker.state",
        "0 closed, 1 half-open, 2 open",
        tags,
        view -> number(source(view, index).breaker()));
    for (Loss loss : List.of(Loss.CAPPED, Loss.ISOLATED, Loss.GARBAGE)) {
      counter(
          "market.source.lost",
          "dropped of the source",
          tags.and("reason", loss.label()),
          view -> source(view, index).lost().lost(loss));
    }
  }

  private static int number(BreakerState state) {
    return switch (state) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }

  private void registerConsumer(int index, String name) {
    Tags tags = Tags.of("consumer", name);
    counter("market.bars", "taken", tags, view -> consumer(view, index).count().out());
    gauge("market.bars.rate", "taken a second", tags, view -> consumer(view, index).rate());
    counter(
        "market.bars.dropped", "dropped", tags, view -> consumer(view, index).count().allLost());
    gauge("market.bars.depth", "waiting", tags, view -> consumer(view, index).depth());
    gauge("market.bars.capacity", "may wait", tags, view -> consumer(view, index).capacity());
  }

  private static StageView of(MarketView view, Stage stage) {
    return view.stages().stream().filter(each -> each.stage() == stage).findAny().orElseThrow();
  }

  private static SourceView source(MarketView view, int index) {
    return view.sources().get(index);
  }

  private static ConsumerView consumer(MarketView view, int index) {
    return view.consumers().get(index);
  }

  private void counter(
      String name, String description, Tags tags, ToDoubleFunction<MarketView> value) {
    FunctionCounter.builder(name, this, metrics -> metrics.of(value))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private void gauge(
      String name, String description, Tags tags, ToDoubleFunction<MarketView> value) {
    Gauge.builder(name, this, metrics -> metrics.of(value))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private double of(ToDoubleFunction<MarketView> value) {
    return seen == null ? 0 : value.applyAsDouble(seen);
  }
}
