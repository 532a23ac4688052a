package dev.sluice.limiter.config.policies;

import dev.sluice.limiter.process.policies.NamedPolicies;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jboss.logging.Logger;

/** How the policy files fare, as a metric and in the log. */
final class PolicyMeters implements ConfigListener<NamedPolicies> {
  private static final Logger LOG = Logger.getLogger(PolicyMeters.class);

  private final Counter loaded;
  private final Counter refused;

  PolicyMeters(MeterRegistry registry) {
    loaded = loads(registry, "loaded");
    refused = loads(registry, "refused");
  }

  private static Counter loads(MeterRegistry registry, String result) {
    return Counter.builder("sluice.limiter.policy.loads")
        .description("How often the policy files were read, at the start and when changed")
        .tag("result", result)
        .register(registry);
  }

  @Override
  public void loaded(NamedPolicies policies) {
    LOG.infof(
        "policies in force: %s of rates, %s of permits",
        policies.rates().byName().keySet(), policies.permits().keySet());
    loaded.increment();
  }

  @Override
  public void refused(ConfigException wrong) {
    LOG.errorf("the policies in force stay as they are: %s", wrong.getMessage());
    refused.increment();
  }
}
