package dev.sluice.limiter.config.envoy;

import dev.sluice.limiter.config.files.ConfigFiles;
import dev.sluice.limiter.config.files.YamlFields;
import dev.sluice.limiter.config.files.YamlText;
import dev.sluice.limiter.process.envoy.DescriptorConfig;
import dev.sluice.limiter.process.envoy.DescriptorConfig.RateLimitConfig;
import dev.sluice.limiter.process.envoy.JsonNull;
import dev.sluice.limiter.process.envoy.RateLimit;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.envoy.Unit;
import dev.sluice.limiter.process.reload.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a file of rules in the format of envoyproxy/ratelimit.
 *
 * @see <a href="https://github.com/envoyproxy/ratelimit#the-configuration-format">the configuration
 *     format</a>
 */
final class RulesYaml {
  private static final Set<String> FILE = keys("domain", "descriptors");
  private static final Set<String> DESCRIPTOR =
      keys(
          "key",
          "value",
          "rate_limit",
          "descriptors",
          "shadow_mode",
          "quota_mode",
          "detailed_metric",
          "value_to_metric",
          "share_threshold",
          "metadata");
  private static final Set<String> RATE_LIMIT =
      keys("unit", "requests_per_unit", "unlimited", "name", "replaces");
  private static final Set<String> REPLACED = keys("name");

  /** What an alias to what it stands in would make of it. */
  private static final int MAX_DEPTH = 100;

  private final String file;
  private int nodes;

  private RulesYaml(String file) {
    this.file = file;
  }

  /**
   * The rules of all files together.
   *
   * @param mergeDomains whether several files may have rules for one domain
   */
  static ConfigFiles.Parser<Rules> parser(boolean mergeDomains) {
    return texts -> {
      var rules = new Rules.Builder(mergeDomains);
      for (Map.Entry<Path, String> each : texts.entrySet()) {
        read(each.getKey().toString(), each.getValue(), rules);
      }
      return rules.build();
    };
  }

  /**
   * Adds what the file says to the rules.
   *
   * @param file its path, for messages
   * @param text what is in it
   * @throws ConfigException it is no YAML, or not of this format
   */
  static void read(String file, String text, Rules.Builder rules) throws ConfigException {
    new RulesYaml(file).read(text, rules);
  }

  private void read(String text, Rules.Builder rules) throws ConfigException {
    Node root = YamlText.compose(file, text);
    if (root == null) {
      throw new ConfigException(file, 0, "config file cannot have empty domain");
    }
    var fields = new YamlFields(file, root, FILE);
    String domain = fields.string("domain");
    Rules.Section section = at(fields, () -> rules.domain(domain));
    for (Node each : fields.list("descriptors")) {
      descriptor(each, section, 0);
    }
  }

  private void descriptor(Node node, Rules.Section into, int depth) throws ConfigException {
    var fields = new YamlFields(file, node, DESCRIPTOR);
    count(node, depth);
    String key = fields.string("key");
    String value = fields.string("value");
    boolean shadowMode = fields.bool("shadow_mode");
    boolean quotaMode = fields.bool("quota_mode");
    boolean detailedMetric = fields.bool("detailed_metric");
    boolean valueToMetric = fields.bool("value_to_metric");
    boolean shareThreshold = fields.bool("share_threshold");
    RateLimitConfig rateLimit = rateLimit(fields.value("rate_limit"));
    Map<String, Object> metadata = metadata(fields);
    Rules.Section within =
        at(
            fields,
            () ->
                into.add(
                    new DescriptorConfig(
                        key,
                        value,
                        rateLimit,
                        shadowMode,
                        quotaMode,
                        detailedMetric,
                        valueToMetric,
                        shareThreshold,
                        metadata)));
    for (Node each : fields.list("descriptors")) {
      descriptor(each, within, depth + 1);
    }
  }

  private @Nullable RateLimitConfig rateLimit(@Nullable Node node) throws ConfigException {
    if (node == null) {
      return null;
    }
    var fields = new YamlFields(file, node, RATE_LIMIT);
    List<String> replaces = new ArrayList<>();
    for (Node each : fields.list("replaces")) {
      replaces.add(new YamlFields(file, each, REPLACED).string("name"));
    }
    return new RateLimitConfig(
        fields.number("requests_per_unit", RateLimit.MAX_REQUESTS),
        unit(fields),
        fields.bool("unlimited"),
        fields.string("name"),
        replaces);
  }

  private static @Nullable Unit unit(YamlFields fields) throws ConfigException {
    String name = fields.string("unit");
    if (name.isEmpty()) {
      return null;
    }
    for (Unit unit : Unit.values()) {
      if (unit.name().equalsIgnoreCase(name)) {
        return unit;
      }
    }
    String allowed =
        Arrays.stream(Unit.values())
            .map(unit -> unit.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw fields.wrong("unit", "invalid rate limit unit '" + name + "', must be one of " + allowed);
  }

  private Map<String, Object> metadata(YamlFields fields) throws ConfigException {
    Node node = fields.value("metadata");
    if (node == null) {
      return Map.of();
    }
    if (node instanceof MappingNode mapping) {
      return map(mapping, 0);
    }
    throw fields.wrong("metadata", "metadata must be a mapping of keys to values");
  }

  private Map<String, Object> map(MappingNode mapping, int depth) throws ConfigException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      if (!(key instanceof ScalarNode scalar)) {
        throw wrong(key, "a key of metadata must be a single value");
      }
      if (map.putIfAbsent(scalar.getValue(), json(entry.getValueNode(), depth + 1)) != null) {
        throw wrong(key, "duplicate key '" + scalar.getValue() + "'");
      }
    }
    return map;
  }

  /** The value as JSON has it; null is {@link JsonNull}. */
  private Object json(Node node, int depth) throws ConfigException {
    count(node, depth);
    return switch (node) {
      case MappingNode mapping -> map(mapping, depth);
      case SequenceNode sequence -> {
        List<Object> list = new ArrayList<>();
        for (Node each : sequence.getValue()) {
          list.add(json(each, depth + 1));
        }
        yield list;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> throw wrong(node, "is neither a value nor a list nor a mapping");
    };
  }

  private Object scalar(ScalarNode scalar) throws ConfigException {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    try {
      if (Tag.NULL.equals(tag)) {
        return JsonNull.NULL;
      }
      if (Tag.BOOL.equals(tag)) {
        return Set.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT));
      }
      if (Tag.INT.equals(tag)) {
        return (double) Long.decode(text.replace("_", ""));
      }
      if (Tag.FLOAT.equals(tag)) {
        return Double.valueOf(text.replace("_", ""));
      }
    } catch (NumberFormatException odd) {
      throw wrong(scalar, "'" + text + "' is not a number that metadata can have");
    }
    return text;
  }

  private void count(Node node, int depth) throws ConfigException {
    nodes++;
    if (nodes > YamlText.MAX_NODES || depth > MAX_DEPTH) {
      throw wrong(
          node,
          "more than "
              + YamlText.MAX_NODES
              + " elements, or "
              + MAX_DEPTH
              + " within each other; do aliases go round in a circle?");
    }
  }

  /** The rules say what is wrong, the file says where. */
  private static Rules.Section at(YamlFields fields, Supplier<Rules.Section> add)
      throws ConfigException {
    try {
      return add.get();
    } catch (IllegalArgumentException wrong) {
      throw fields.wrong(String.valueOf(wrong.getMessage()));
    }
  }

  private ConfigException wrong(Node where, String reason) {
    return new ConfigException(file, where.getStartMark().getLine() + 1, reason);
  }

  private static Set<String> keys(String... keys) {
    return new LinkedHashSet<>(List.of(keys));
  }
}
