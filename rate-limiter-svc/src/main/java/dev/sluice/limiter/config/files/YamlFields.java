package dev.sluice.limiter.config.files;

import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.service.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
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
public final class YamlFields {
  private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
  private static final Set<String> FALSE = Set.of("false", "no", "off", "n");

  private static final int MAX_MERGED = 100;

  private final String file;
  private final Node node;
  private final Map<String, Node> values = new LinkedHashMap<>();

  /**
   * @param known the keys there may be; null: any
   * @throws ConfigException it is no mapping, or has another key, or one twice
   */
  public YamlFields(String file, Node node, @Nullable Set<String> known) throws ConfigException {
    this.file = file;
    this.node = node;
    read(node, known, new HashSet<>());
  }

  /**
   * Reads a mapping, and those that its {@code <<} refers to; a value that is there already stays.
   *
   * @param read the mappings that have been, each of which is read once, whatever aliases make of
   *     it
   */
  private void read(Node from, @Nullable Set<String> known, Set<Node> read) throws ConfigException {
    if (!(from instanceof MappingNode mapping)) {
      throw wrong(from, "must be a mapping of keys to values");
    }
    if (!read.add(mapping)) {
      return;
    }
    if (read.size() > MAX_MERGED) {
      throw wrong(from, "more than " + MAX_MERGED + " mappings are merged into one");
    }
    List<Node> merged = new ArrayList<>();
    Set<String> own = new HashSet<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      if (Tag.MERGE.equals(key.getTag())) {
        merged.addAll(
            entry.getValueNode() instanceof SequenceNode list
                ? list.getValue()
                : List.of(entry.getValueNode()));
        continue;
      }
      if (!(key instanceof ScalarNode scalar) || !Tag.STR.equals(key.getTag())) {
        throw wrong(key, "key is not of type string");
      }
      String name = scalar.getValue();
      if (known != null && !known.contains(name)) {
        throw wrong(key, "unknown key '" + name + "', here may be " + String.join(", ", known));
      }
      if (!own.add(name)) {
        throw wrong(key, "duplicate key '" + name + "'");
      }
      values.putIfAbsent(name, entry.getValueNode());
    }
    for (Node each : merged) {
      read(each, known, read);
    }
  }

  /** The keys, in the order of the file. */
  public Set<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Whether there is a value that is not {@code null}. */
  public boolean has(String key) {
    return value(key) != null;
  }

  /**
   * The mapping under a key; an empty one if there is none.
   *
   * @param known the keys there may be; null: any
   */
  public YamlFields mapping(String key, @Nullable Set<String> known) throws ConfigException {
    Node value = value(key);
    return new YamlFields(
        file,
        value == null
            ? new MappingNode(
                Tag.MAP,
                true,
                List.of(),
                values.getOrDefault(key, node).getStartMark(),
                null,
                DumperOptions.FlowStyle.BLOCK)
            : value,
        known);
  }

  /** The scalar as it is written. */
  public String string(String key) throws ConfigException {
    ScalarNode scalar = scalar(key);
    return scalar == null ? "" : scalar.getValue();
  }

  public boolean bool(String key) throws ConfigException {
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

  /** A duration as requests have it; null if there is none. */
  public @Nullable Duration duration(String key) throws ConfigException {
    ScalarNode scalar = scalar(key);
    try {
      return scalar == null ? null : Durations.parse(scalar.getValue());
    } catch (IllegalArgumentException wrong) {
      throw wrong(scalar, key + " " + wrong.getMessage());
    }
  }

  /** The constant of this name; what is given if there is none. */
  public <E extends Enum<E>> E constant(String key, E otherwise) throws ConfigException {
    ScalarNode scalar = scalar(key);
    if (scalar == null) {
      return otherwise;
    }
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    for (E each : all) {
      if (each.name().equals(scalar.getValue())) {
        return each;
      }
    }
    throw wrong(
        scalar, key + " is '" + scalar.getValue() + "', must be one of " + Arrays.toString(all));
  }

  /** A whole number from 0 to {@code max}. */
  public long number(String key, long max) throws ConfigException {
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
  public List<Node> list(String key) throws ConfigException {
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
  public @Nullable Node value(String key) {
    Node value = values.get(key);
    return value == null || Tag.NULL.equals(value.getTag()) ? null : value;
  }

  private @Nullable ScalarNode scalar(String key) throws ConfigException {
    Node value = value(key);
    if (value == null || value instanceof ScalarNode) {
      return (ScalarNode) value;
    }
    throw wrong(value, key + " must be a single value");
  }

  /** What is wrong with the mapping as a whole. */
  public ConfigException wrong(String reason) {
    return wrong(node, reason);
  }

  /** What is wrong with the value of a key. */
  public ConfigException wrong(String key, String reason) {
    return wrong(values.getOrDefault(key, node), reason);
  }

  private ConfigException wrong(Node where, String reason) {
    return new ConfigException(file, where.getStartMark().getLine() + 1, reason);
  }
}
