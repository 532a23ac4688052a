package dev.sluice.limiter.config;

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
 * }</pre>
 */
final class PoliciesYaml {
  private static final Set<String> FILE = keys("policies");
  private static final Set<String> POLICY =
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

  private final Duration maxWait;
  private final SortedMap<String, Policy> policies = new TreeMap<>();

  private PoliciesYaml(Duration maxWait) {
    this.maxWait = maxWait;
  }

  /**
   * The policies of all files together.
   *
   * @param others those that do not come from files, whose names no file may use
   * @param maxWait the longest there may be
   */
  static ConfigFiles.Parser<Policies> parser(Map<String, Policy> others, Duration maxWait) {
    return texts -> {
      var yaml = new PoliciesYaml(maxWait);
      yaml.policies.putAll(others);
      for (Map.Entry<Path, String> each : texts.entrySet()) {
        yaml.read(each.getKey().toString(), each.getValue());
      }
      return new Policies(yaml.policies);
    };
  }

  private void read(String file, String text) throws ConfigException {
    Node root = YamlText.compose(file, text);
    if (root == null) {
      return;
    }
    YamlFields named = new YamlFields(file, root, FILE).mapping("policies", null);
    for (String name : named.keys()) {
      add(policy(name, named.mapping(name, POLICY)), named);
    }
  }

  private void add(Policy policy, YamlFields named) throws ConfigException {
    if (policies.putIfAbsent(policy.name(), policy) != null) {
      throw named.wrong(policy.name(), "there is another policy '" + policy.name() + "'");
    }
  }

  private Policy policy(String name, YamlFields fields) throws ConfigException {
    if (!fields.has("rate")) {
      throw fields.wrong("policy '" + name + "' has no rate");
    }
    if (fields.has("keys") && fields.string("keys").isEmpty()) {
      throw fields.wrong("keys", "keys must not be empty");
    }
    var terms =
        new Terms(
            fields.constant("algorithm", Algorithm.TOKEN_BUCKET),
            fields.number("rate", Terms.MAX_PERMITS),
            fields.duration("per"),
            fields.has("unit") ? fields.string("unit") : null,
            fields.has("burst") ? fields.number("burst", Terms.MAX_PERMITS) : null);
    try {
      return new Policy(
          name,
          terms,
          maxWait(fields),
          fields.bool("shadow"),
          fields.has("keys") ? new KeyPattern(fields.string("keys")) : null,
          fields.constant("whenEngineFails", WhenEngineFails.CLOSED));
    } catch (Invalid wrong) {
      throw fields.wrong(wrong.field(), String.valueOf(wrong.getMessage()));
    }
  }

  private @Nullable Duration maxWait(YamlFields fields) throws ConfigException {
    Duration own = fields.duration("maxWait");
    if (own != null && own.compareTo(maxWait) > 0) {
      throw fields.wrong(
          "maxWait",
          "maxWait is "
              + Durations.format(own)
              + ", must be at most sluice.limiter.max-wait, "
              + Durations.format(maxWait));
    }
    return own;
  }

  private static Set<String> keys(String... keys) {
    return new LinkedHashSet<>(List.of(keys)); // in the order in which messages name them
  }
}
