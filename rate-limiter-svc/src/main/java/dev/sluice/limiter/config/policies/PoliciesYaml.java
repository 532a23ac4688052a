package dev.sluice.limiter.config.policies;

import dev.sluice.limiter.config.files.ConfigFiles;
import dev.sluice.limiter.config.files.YamlFields;
import dev.sluice.limiter.config.files.YamlText;
import dev.sluice.limiter.process.Algorithm;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.KeyPattern;
import dev.sluice.limiter.process.Policies;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Policy.WhenEngineFails;
import dev.sluice.limiter.process.Terms;
import dev.sluice.limiter.process.permits.LeasePolicy;
import dev.sluice.limiter.process.policies.NamedPolicies;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.service.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads files of policies:
 *
 * <pre>{@code
 * policies:
 *   login:
 *     rate: 5
 *     per: 1m
 *     burst: 10
 *     maxWait: 2s
 *     keys: "user:*"
 * permits:
 *   reports:
 *     permits: 20
 *     maxTtl: 5m
 * }</pre>
 */
final class PoliciesYaml {
  private static final Set<String> FILE = keys("policies", "permits");
  private static final Set<String> RATE =
      keys(
          "algorithm",
          "rate",
          "per",
          "unit",
          "burst",
          "maxWait",
          "shadow",
          "keys",
          "whenEngineFails");
  private static final Set<String> PERMITS =
      keys("permits", "maxTtl", "maxWait", "keys", "whenEngineFails");

  /**
   * What no policy may exceed.
   *
   * @param maxWait of rates: {@code sluice.limiter.max-wait}
   * @param permitsMaxWait of permits: {@code sluice.limiter.permits.max-wait}
   * @param permitsMaxTtl {@code sluice.limiter.permits.max-ttl}
   */
  record Bounds(Duration maxWait, Duration permitsMaxWait, Duration permitsMaxTtl) {}

  private final Bounds bounds;
  private final SortedMap<String, Policy> rates;
  private final SortedMap<String, LeasePolicy> permits;

  private PoliciesYaml(NamedPolicies others, Bounds bounds) {
    this.bounds = bounds;
    this.rates = new TreeMap<>(others.rates().byName());
    this.permits = new TreeMap<>(others.permits());
  }

  /**
   * The policies of all files together.
   *
   * @param others those that do not come from files, whose names no file may use
   */
  static ConfigFiles.Parser<NamedPolicies> parser(NamedPolicies others, Bounds bounds) {
    return texts -> {
      var yaml = new PoliciesYaml(others, bounds);
      for (Map.Entry<Path, String> each : texts.entrySet()) {
        yaml.read(each.getKey().toString(), each.getValue());
      }
      return new NamedPolicies(new Policies(yaml.rates), yaml.permits);
    };
  }

  private void read(String file, String text) throws ConfigException {
    Node root = YamlText.compose(file, text);
    if (root == null) {
      return;
    }
    var fields = new YamlFields(file, root, FILE);
    YamlFields ofRates = fields.mapping("policies", null);
    for (String name : ofRates.keys()) {
      add(rates, name, rate(name, ofRates.mapping(name, RATE)), ofRates);
    }
    YamlFields ofPermits = fields.mapping("permits", null);
    for (String name : ofPermits.keys()) {
      add(permits, name, permits(name, ofPermits.mapping(name, PERMITS)), ofPermits);
    }
  }

  private static <P> void add(SortedMap<String, P> policies, String name, P policy, YamlFields from)
      throws ConfigException {
    if (policies.putIfAbsent(name, policy) != null) {
      throw from.wrong(name, "there is another policy '" + name + "'");
    }
  }

  private Policy rate(String name, YamlFields fields) throws ConfigException {
    require(fields, name, "rate");
    var terms =
        new Terms(
            fields.constant("algorithm", Algorithm.TOKEN_BUCKET),
            fields.number("rate", Terms.MAX_PERMITS),
            fields.duration("per"),
            fields.has("unit") ? fields.string("unit") : null,
            fields.has("burst") ? fields.number("burst", Terms.MAX_PERMITS) : null);
    Duration maxWait = atMost(fields, "maxWait", "sluice.limiter.max-wait", bounds.maxWait);
    boolean shadow = fields.bool("shadow");
    KeyPattern keys = keyPattern(fields);
    WhenEngineFails whenEngineFails = fields.constant("whenEngineFails", WhenEngineFails.CLOSED);
    return made(fields, () -> new Policy(name, terms, maxWait, shadow, keys, whenEngineFails));
  }

  private LeasePolicy permits(String name, YamlFields fields) throws ConfigException {
    require(fields, name, "permits");
    long count = fields.number("permits", Terms.MAX_PERMITS);
    Duration maxTtl =
        atMost(fields, "maxTtl", "sluice.limiter.permits.max-ttl", bounds.permitsMaxTtl);
    Duration maxWait =
        atMost(fields, "maxWait", "sluice.limiter.permits.max-wait", bounds.permitsMaxWait);
    KeyPattern keys = keyPattern(fields);
    WhenEngineFails whenEngineFails = fields.constant("whenEngineFails", WhenEngineFails.CLOSED);
    return made(fields, () -> new LeasePolicy(name, count, maxTtl, maxWait, keys, whenEngineFails));
  }

  private static void require(YamlFields fields, String name, String field) throws ConfigException {
    if (!fields.has(field)) {
      throw fields.wrong("policy '" + name + "' has no " + field);
    }
  }

  private static @Nullable KeyPattern keyPattern(YamlFields fields) throws ConfigException {
    if (!fields.has("keys")) {
      return null;
    }
    String text = fields.string("keys");
    if (text.isEmpty()) {
      throw fields.wrong("keys", "keys must not be empty");
    }
    return new KeyPattern(text);
  }

  private static @Nullable Duration atMost(
      YamlFields fields, String field, String setting, Duration most) throws ConfigException {
    Duration own = fields.duration(field);
    if (own != null && own.compareTo(most) > 0) {
      throw fields.wrong(
          field,
          field
              + " is "
              + Durations.format(own)
              + ", must be at most "
              + setting
              + ", "
              + Durations.format(most));
    }
    return own;
  }

  private static <P> P made(YamlFields fields, Supplier<P> policy) throws ConfigException {
    try {
      return policy.get();
    } catch (Invalid wrong) {
      throw fields.wrong(wrong.field(), String.valueOf(wrong.getMessage()));
    }
  }

  private static Set<String> keys(String... keys) {
    return new LinkedHashSet<>(List.of(keys)); // in the order in which messages name them
  }
}
