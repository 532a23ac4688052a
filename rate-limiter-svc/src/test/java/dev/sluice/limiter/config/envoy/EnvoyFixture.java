package dev.sluice.limiter.config.envoy;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.process.envoy.Descriptor;
import dev.sluice.limiter.process.envoy.EnvoyDecision;
import dev.sluice.limiter.process.envoy.EnvoyLimiter;
import dev.sluice.limiter.process.envoy.EnvoyRequest;
import dev.sluice.limiter.process.envoy.EnvoySettings;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigListener;
import dev.sluice.limiter.process.reload.ConfigSource;
import dev.sluice.limiter.store.MemoryWindowCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A limiter with rules, on a clock that stands still, and what its statistics have been told. */
final class EnvoyFixture implements AutoCloseable, ConfigListener<Rules> {
  static final EnvoySettings PLAIN =
      new EnvoySettings(1_024, Duration.ofSeconds(1), false, false, false, 0.8f);

  final VirtualClock clock = new VirtualClock();
  final Map<String, Long> hits = new ConcurrentHashMap<>();
  final List<String> told = new CopyOnWriteArrayList<>();
  private final Scope scope = Scope.open("test", clock);
  final EnvoyLimiter limiter;

  EnvoyFixture(EnvoySettings settings, ConfigSource<Rules> source)
      throws ConfigException, InterruptedException {
    try {
      limiter =
          EnvoyLimiter.start(
              scope,
              HeartbeatMonitor.start(scope, "hearts", Duration.ofSeconds(1)),
              settings,
              source,
              this,
              _ -> new MemoryWindowCounters(1_000),
              (metric, tally) -> {
                hits.merge(metric + " total_hits", tally.totalHits(), Long::sum);
                hits.merge(metric + " over_limit", tally.overLimit(), Long::sum);
                hits.merge(metric + " shadow_mode", tally.shadowMode(), Long::sum);
              });
    } catch (ConfigException wrong) {
      scope.close();
      throw wrong;
    }
  }

  static EnvoyFixture of(String... files) throws ConfigException, InterruptedException {
    return of(PLAIN, files);
  }

  static EnvoyFixture of(EnvoySettings settings, String... files)
      throws ConfigException, InterruptedException {
    Rules rules = rules(false, files);
    return new EnvoyFixture(settings, () -> rules);
  }

  /** The rules of files called {@code 1.yaml}, {@code 2.yaml} and so on. */
  static Rules rules(boolean merge, String... files) throws ConfigException {
    var rules = new Rules.Builder(merge);
    for (int i = 0; i < files.length; i++) {
      RulesYaml.read(i + 1 + ".yaml", files[i], rules);
    }
    return rules.build();
  }

  /** A descriptor of pairs: key, value, key, value ... */
  static Descriptor descriptor(String... pairs) {
    List<Descriptor.Entry> entries = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      entries.add(new Descriptor.Entry(pairs[i], pairs[i + 1]));
    }
    return new Descriptor(entries, null, null, false);
  }

  EnvoyDecision.Decided decide(String domain, Descriptor... descriptors)
      throws InterruptedException {
    return decide(new EnvoyRequest(domain, List.of(descriptors), 1));
  }

  EnvoyDecision.Decided decide(EnvoyRequest request) throws InterruptedException {
    return (EnvoyDecision.Decided) limiter.decide(request).await();
  }

  /** How many of so many requests, one after the other, pass. */
  long passing(int requests, String domain, Descriptor... descriptors) {
    return IntStream.range(0, requests)
        .filter(_ -> {
          try {
            return !decide(domain, descriptors).overLimit();
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
        })
        .count();
  }

  @Override
  public void loaded(Rules rules) {
    told.add("loaded " + rules.domains());
  }

  @Override
  public void refused(ConfigException wrong) {
    told.add("refused " + wrong.getMessage());
  }

  @Override
  public void close() {
    scope.close();
  }
}
