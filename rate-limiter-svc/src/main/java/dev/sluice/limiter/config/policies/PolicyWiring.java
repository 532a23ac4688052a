package dev.sluice.limiter.config.policies;

import dev.sluice.limiter.config.LimiterConfig;
import dev.sluice.limiter.config.files.ConfigFiles;
import dev.sluice.limiter.config.permits.PermitsConfig;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.KeyPattern;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.Policies;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Terms;
import dev.sluice.limiter.process.permits.LeasePolicy;
import dev.sluice.limiter.process.permits.Leases;
import dev.sluice.limiter.process.policies.NamedPolicies;
import dev.sluice.limiter.process.policies.PolicyKeeper;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigSource;
import dev.sluice.service.life.ServiceLife;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Puts the policies together: those of the settings, and those of the files if there are any. */
@Singleton
public class PolicyWiring {
  private final NamedPolicies settled;
  private final ConfigSource<NamedPolicies> source;
  private final Duration checkEvery;
  private final PolicyMeters meters;

  @Inject
  PolicyWiring(LimiterConfig limiter, PermitsConfig permits, MeterRegistry registry) {
    this.settled = settled(limiter, permits);
    this.source =
        limiter
            .policyFiles()
            .<ConfigSource<NamedPolicies>>map(path ->
                new ConfigFiles<>(
                    path,
                    PoliciesYaml.parser(
                        settled,
                        new PoliciesYaml.Bounds(
                            limiter.maxWait(), permits.maxWait(), permits.maxTtl()))))
            .orElse(() -> null);
    this.checkEvery = limiter.policyCheckEvery();
    this.meters = new PolicyMeters(registry);
  }

  /** Those in force from the start. */
  @Produces
  @Singleton
  NamedPolicies first() {
    try {
      NamedPolicies read = source.readIfChanged();
      NamedPolicies policies = read == null ? settled : read;
      meters.loaded(policies);
      return policies;
    } catch (ConfigException wrong) {
      throw new ConfigurationException("sluice.limiter.policy-files: " + wrong.getMessage());
    }
  }

  /** Starts the process that looks after them. */
  @Produces
  @Singleton
  @Startup
  PolicyKeeper keeper(ServiceLife life, Limiter limiter, Leases leases, NamedPolicies first)
      throws InterruptedException {
    PolicyKeeper keeper =
        PolicyKeeper.start(
            life.scope(), life.monitor(), limiter, leases, first, source, checkEvery, meters);
    life.onDrain(keeper::close);
    return keeper;
  }

  private static NamedPolicies settled(LimiterConfig limiter, PermitsConfig permits) {
    var rates = new TreeMap<String, Policy>();
    limiter
        .policies()
        .forEach((name, policy) ->
            rates.put(
                name,
                checked(
                    "sluice.limiter.policies." + name,
                    () ->
                        Policy.of(
                            name,
                            Terms.tokenBucket(
                                policy.rate(),
                                policy.per(),
                                policy.burst().orElse(policy.rate()))))));
    var leases = new TreeMap<String, LeasePolicy>();
    permits
        .policies()
        .forEach((name, policy) ->
            leases.put(
                name,
                checked(
                    "sluice.limiter.permits.policies." + name,
                    () ->
                        new LeasePolicy(
                            name,
                            policy.permits(),
                            policy.maxTtl().orElse(null),
                            policy.maxWait().orElse(null),
                            policy.keys().map(KeyPattern::new).orElse(null),
                            policy.fail()))));
    return new NamedPolicies(new Policies(rates), leases);
  }

  private static <T> T checked(String setting, Supplier<T> made) {
    try {
      return made.get();
    } catch (Invalid wrong) {
      throw new ConfigurationException(setting + ": " + wrong.getMessage());
    }
  }
}
