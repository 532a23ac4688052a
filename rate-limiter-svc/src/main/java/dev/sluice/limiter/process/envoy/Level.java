package dev.sluice.limiter.process.envoy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list of {@code descriptors}, found by key and value. Filled while the files are read, then only
 * read itself.
 */
final class Level {

  /** How an element was found, which says what of the request's value counts. */
  enum By {
    /** By key and value. */
    VALUE,
    /** By a pattern. */
    WILDCARD,
    /** By its key; it takes any value. */
    KEY
  }

  /** An element of the list, and the list within it. */
  record Node(DescriptorConfig config, @Nullable Rule rule, Level children) {}

  /** What a pair of the request has found. */
  record Found(Node node, By by) {}

  private final Map<String, Node> nodes = new HashMap<>();
  private final List<Wildcard> wildcards = new ArrayList<>();

  /**
   * @param path how the list around is called
   * @throws IllegalArgumentException there is one with the same key and value already
   */
  Level add(String path, DescriptorConfig config) {
    String key = config.compositeKey();
    String name = path + "." + key;
    var node = new Node(config, config.rule(name), new Level());
    if (nodes.putIfAbsent(key, node) != null) {
      throw new IllegalArgumentException("duplicate descriptor composite key '" + name + "'");
    }
    if (key.contains("*")) {
      wildcards.add(new Wildcard(key));
    }
    return node.children();
  }

  /** The element for a pair: the one with its value, else the first pattern, else any value. */
  @Nullable Found find(Descriptor.Entry entry) {
    String keyAndValue = entry.key() + "_" + entry.value();
    Node exact = nodes.get(keyAndValue);
    if (exact != null) {
      return new Found(exact, By.VALUE);
    }
    for (Wildcard wildcard : wildcards) {
      if (wildcard.matches(keyAndValue)) {
        return new Found(nodes.get(wildcard.pattern()), By.WILDCARD);
      }
    }
    Node any = nodes.get(entry.key());
    return any == null ? null : new Found(any, By.KEY);
  }

  void collectRules(List<Rule> into) {
    for (Node node : nodes.values()) {
      if (node.rule() != null) {
        into.add(node.rule());
      }
      node.children().collectRules(into);
    }
  }
}
