package dev.sluice.limiter.config.envoy;

import dev.sluice.limiter.process.envoy.RuleStatistics;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.envoy.Tally;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jboss.logging.Logger;

/** What the rules count, and how their files fare, as metrics and in the log. */
final class RuleMeters implements RuleStatistics, ConfigListener<Rules> {
  static final String HITS = "sluice.limiter.envoy.hits";
  private static final String LOADS = "sluice.limiter.envoy.loads";
  private static final Logger LOG = Logger.getLogger(RuleMeters.class);

  private final MeterRegistry registry;

  RuleMeters(MeterRegistry registry) {
    this.registry = registry;
    loads("loaded"); // so that both are there from the start
    loads("refused");
  }

  @Override
  public void decided(String metric, Tally tally) {
    add(metric, "total_hits", tally.totalHits());
    add(metric, "over_limit", tally.overLimit());
    add(metric, "near_limit", tally.nearLimit());
    add(metric, "within_limit", tally.withinLimit());
    add(metric, "shadow_mode", tally.shadowMode());
  }

  private void add(String metric, String stat, long hits) {
    if (hits > 0) {
      Counter.builder(HITS)
          .description("Hits that the rules of Envoy's files have counted")
          .tags("rule", metric, "stat", stat)
          .register(registry)
          .increment(hits);
    }
  }

  @Override
  public void loaded(Rules rules) {
    LOG.infof(
        "envoy: %d rules of the domains %s are in force", rules.rules().size(), rules.domains());
    loads("loaded").increment();
  }

  @Override
  public void refused(ConfigException wrong) {
    LOG.errorf("envoy: the rules in force stay as they are: %s", wrong.getMessage());
    loads("refused").increment();
  }

  private Counter loads(String result) {
    return Counter.builder(LOADS)
        .description(
            "How often the files of Envoy's rules were read, at the start and when changed")
        .tag("result", result)
        .register(registry);
  }
}
