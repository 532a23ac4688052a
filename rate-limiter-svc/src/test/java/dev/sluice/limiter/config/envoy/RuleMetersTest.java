package dev.sluice.limiter.config.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.limiter.process.envoy.Tally;
import dev.sluice.limiter.process.reload.ConfigException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class RuleMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void countsByRuleAndStatistic() {
    var meters = new RuleMeters(registry);
    meters.decided("d.a", new Tally(3, 1, 1, 0, 1));
    meters.decided("d.a", new Tally(2, 0, 0, 2, 0));

    assertEquals(5, hits("d.a", "total_hits"));
    assertEquals(1, hits("d.a", "over_limit"));
    assertEquals(1, hits("d.a", "near_limit"));
    assertEquals(2, hits("d.a", "within_limit"));
    assertEquals(1, hits("d.a", "shadow_mode"));
  }

  @Test
  void leavesOutTheRulesThatAreTooMany() {
    registry.config().meterFilter(EnvoyWiring.boundedRules(2));
    var meters = new RuleMeters(registry);
    for (int i = 0; i < 3; i++) {
      meters.decided("d." + i, new Tally(1, 0, 0, 1, 0));
    }
    meters.decided("d.0", new Tally(1, 0, 0, 1, 0));

    assertEquals(2, hits("d.0", "total_hits"));
    assertEquals(1, hits("d.1", "total_hits"));
    assertNull(registry.find(RuleMeters.HITS).tags("rule", "d.2").counter());
  }

  @Test
  void countsWhatBecameOfTheFiles() throws Exception {
    var meters = new RuleMeters(registry);
    meters.loaded(EnvoyFixture.rules(false, "domain: d"));
    meters.refused(new ConfigException("f", 1, "wrong"));

    assertEquals(
        1, registry.get("sluice.limiter.envoy.loads").tags("result", "loaded").counter().count());
    assertEquals(
        1, registry.get("sluice.limiter.envoy.loads").tags("result", "refused").counter().count());
  }

  private double hits(String rule, String stat) {
    return registry.get(RuleMeters.HITS).tags("rule", rule, "stat", stat).counter().count();
  }
}
