package dev.sluice.limiter.config.envoy;

import dev.sluice.limiter.process.envoy.RulesException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML file, whose values are asked for by key and type. What is not there is the
 * type's zero, as is {@code null}.
 */
final class YamlFields {
  private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
  private static final Set<String> FALSE = Set.of("false", "no", "off", "n");

  private final String file;
  private final Node node;
  private final Map<String, Node> values = new LinkedHashMap<>();

  /**
   * @param known the keys there may be
   * @throws RulesException it is no mapping, or has another key, or one twice
   */
  YamlFields(String file, Node node, Set<String> known) throws RulesException {
    this.file = file;
    this.node = node;
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, "must be a mapping of keys to values");
    }
    List<Node> merged = new ArrayList<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      if (Tag.MERGE.equals(key.getTag())) {
        merged.add(entry.getValueNode());
        continue;
      }
      if (!(key instanceof ScalarNode scalar) || !Tag.STR.equals(key.getTag())) {
        throw wrong(key, "key is not of type string");
      }
      String name = scalar.getValue();
      if (!known.contains(name)) {
        throw wrong(key, "unknown key '" + name + "', here may be " + String.join(", ", known));
      }
      if (values.putIfAbsent(name, entry.getValueNode()) != null) {
        throw wrong(key, "duplicate key '" + name + "'");
      }
    }
    for (Node each : merged) {
      merge(each, known);
    }
  }

  /** Takes over what a {@code <<} refers to, where there is no value already. */
  private void merge(Node from, Set<String> known) throws RulesException {
    List<Node> mappings = from instanceof SequenceNode list ? list.getValue() : List.of(from);
    for (Node mapping : mappings) {
      new YamlFields(file, mapping, known).values.forEach(values::putIfAbsent);
    }
  }

  /** The scalar as it is written. */
  String string(String key) throws RulesException {
    ScalarNode scalar = scalar(key);
    return scalar == null ? "" : scalar.getValue();
  }

  boolean bool(String key) throws RulesException {
    ScalarNode scalar = scalar(key);
    if (scalar == null) {
      return false;
    }
    String word = scalar.getValue().toLowerCase(Locale.ROOT);
    if (scalar.isPlain() && TRUE.contains(word)) {
      return true;
    }
    if (scalar.isPlain() && FALSE.contains(word)) {
      return false;
    }
    throw wrong(scalar, key + " is '" + scalar.getValue() + "', must be true or false");
  }

  /** A whole number from 0 to {@code max}. */
  long number(String key, long max) throws RulesException {
    ScalarNode scalar = scalar(key);
    if (scalar == null) {
      return 0;
    }
    try {
      if (Tag.INT.equals(scalar.getTag())) {
        long number = Long.decode(scalar.getValue().replace("_", ""));
        if (number >= 0 && number <= max) {
          return number;
        }
      }
    } catch (NumberFormatException tooLarge) {
      // said below
    }
    throw wrong(
        scalar, key + " is '" + scalar.getValue() + "', must be a whole number from 0 to " + max);
  }

  /** The elements of a list. */
  List<Node> list(String key) throws RulesException {
    Node value = value(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode list) {
      return list.getValue();
    }
    throw wrong(value, key + " must be a list");
  }

  /** The value, for further reading; null when it is not there. */
  @Nullable Node value(String key) {
    Node value = values.get(key);
    return value == null || Tag.NULL.equals(value.getTag()) ? null : value;
  }

  private @Nullable ScalarNode scalar(String key) throws RulesException {
    Node value = value(key);
    if (value == null || value instanceof ScalarNode) {
      return (ScalarNode) value;
    }
    throw wrong(value, key + " must be a single value");
  }

  /** What is wrong with the mapping as a whole. */
  RulesException wrong(String reason) {
    return wrong(node, reason);
  }

  /** What is wrong with the value of a key. */
  RulesException wrong(String key, String reason) {
    return wrong(values.getOrDefault(key, node), reason);
  }

  private RulesException wrong(Node where, String reason) {
    return new RulesException(file, where.getStartMark().getLine() + 1, reason);
  }
}
