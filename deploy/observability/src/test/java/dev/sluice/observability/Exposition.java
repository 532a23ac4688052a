package dev.sluice.observability;

import dev.sluice.observability.PromQl.LabelMatcher;
import dev.sluice.observability.PromQl.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The series that there are, by the names of their metrics. */
final class Exposition {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern WORDS = Pattern.compile("[\\w-]+(?:\\|[\\w-]+)*");

  private final Map<String, List<Map<String, String>>> series = new HashMap<>();

  void add(String metric, Map<String, String> labels) {
    series.computeIfAbsent(metric, _ -> new ArrayList<>()).add(labels);
  }

  /**
   * Adds what a service has answered.
   *
   * @param target the labels that the scrape gives
   */
  void addScrape(String text, Map<String, String> target) {
    add("up", target);
    for (String line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new IllegalArgumentException("no sample: " + line);
      }
      var labels = new HashMap<>(target);
      if (sample.group(2) != null) {
        LABEL
            .matcher(sample.group(2))
            .results()
            .forEach(label -> labels.put(label.group(1), label.group(2)));
      }
      add(sample.group(1), labels);
    }
  }

  /** What a query asks for that is not there, one sentence each. */
  List<String> missing(PromQl query) {
    var missing = new ArrayList<String>();
    for (Selector selector : query.selectors()) {
      if (!series.containsKey(selector.metric())) {
        missing.add("no service exposes " + selector.metric());
      } else if (selector.matchers().stream().allMatch(each -> check(selector, each, missing))
          && matching(selector.metric(), selector.matchers()) == 0) {
        missing.add("no series is " + selector);
      }
    }
    for (String label : query.grouping()) {
      if (query.selectors().stream().noneMatch(each -> hasLabel(each.metric(), label))) {
        missing.add("none of its metrics has the label " + label);
      }
    }
    return missing;
  }

  boolean hasLabel(String metric, String label) {
    return series.getOrDefault(metric, List.of()).stream().anyMatch(it -> it.containsKey(label));
  }

  /** Of a list of words each must be there, or it would hide that another was renamed. */
  private boolean check(Selector selector, LabelMatcher matcher, List<String> missing) {
    String metric = selector.metric();
    if (!hasLabel(metric, matcher.label())) {
      missing.add(metric + " has no label " + matcher.label());
      return false;
    }
    if (matcher.operator().equals("=~") && WORDS.matcher(matcher.value()).matches()) {
      for (String word : matcher.value().split("\\|")) {
        var one = new LabelMatcher(matcher.label(), "=", word);
        if (matching(metric, List.of(one)) == 0) {
          missing.add("no " + metric + " has " + matcher.label() + " = " + word);
          return false;
        }
      }
    }
    return true;
  }

  private long matching(String metric, List<LabelMatcher> matchers) {
    return series.getOrDefault(metric, List.of()).stream()
        .filter(labels -> matchers.stream().allMatch(each -> matches(labels, each)))
        .count();
  }

  private static boolean matches(Map<String, String> labels, LabelMatcher matcher) {
    String actual = labels.getOrDefault(matcher.label(), "");
    String value = matcher.value();
    if (value.startsWith("$")) {
      return true; // a variable of the dashboard
    }
    return switch (matcher.operator()) {
      case "=" -> actual.equals(value);
      case "!=" -> !actual.equals(value);
      case "=~" -> actual.matches(value);
      case "!~" -> !actual.matches(value);
      default -> throw new IllegalArgumentException("no operator of labels: " + matcher);
    };
  }
}
