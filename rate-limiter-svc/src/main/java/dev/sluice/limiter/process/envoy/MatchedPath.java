package dev.sluice.limiter.process.envoy;

import java.util.List;

/**
 * What the pairs of a descriptor, matched one after the other, come to: the counter of its hits and
 * the name of its metric.
 *
 * <p>The counter is made of the request's keys and values, so that each value counts for itself;
 * where {@code share_threshold} is set, the pattern stands for the value. The metric is made of the
 * configuration's, unless that asks for the request's values.
 */
final class MatchedPath {
  private final StringBuilder counter;
  private final StringBuilder metric;
  private final StringBuilder detailedMetric;

  MatchedPath(String domain) {
    counter = new StringBuilder();
    appendCounter(domain);
    metric = new StringBuilder(domain);
    detailedMetric = new StringBuilder(domain);
  }

  /** The path of a descriptor that brings its own limit: nothing of the configuration is in it. */
  static Match overridden(String domain, List<Descriptor.Entry> entries, Descriptor.Override by) {
    var path = new MatchedPath(domain);
    for (Descriptor.Entry entry : entries) {
      path.appendCounter(entry.key());
      path.appendCounter(entry.value());
      append(path.metric, entry.key(), entry.value());
    }
    return path.match(Rule.overriding(path.metric.toString(), by));
  }

  void add(Descriptor.Entry entry, Level.Found found) {
    DescriptorConfig config = found.node().config();
    boolean wild = found.by() == Level.By.WILDCARD;
    boolean shared = wild && config.shareThreshold();

    appendCounter(entry.key());
    appendCounter(shared ? pattern(entry, config) : entry.value());

    append(
        metric,
        entry.key(),
        switch (found.by()) {
          case VALUE -> entry.value();
          case WILDCARD ->
              !shared && config.valueToMetric() ? entry.value() : pattern(entry, config);
          case KEY -> config.valueToMetric() ? entry.value() : "";
        });
    append(detailedMetric, entry.key(), shared ? pattern(entry, config) : entry.value());
  }

  Match match(Rule rule) {
    return new Match(
        rule, counter.toString(), (rule.detailedMetric() ? detailedMetric : metric).toString());
  }

  private static String pattern(Descriptor.Entry entry, DescriptorConfig config) {
    String composite = config.compositeKey();
    String prefix = entry.key() + "_";
    return composite.startsWith(prefix) ? composite.substring(prefix.length()) : composite;
  }

  private static void append(StringBuilder path, String key, String value) {
    path.append('.').append(key);
    if (!value.isEmpty()) {
      path.append('_').append(value);
    }
  }

  /** With its length before it, so that different parts never make the same whole. */
  private void appendCounter(String part) {
    counter.append(part.length()).append(':').append(part);
  }
}
