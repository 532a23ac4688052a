package dev.sluice.observability;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query in PromQL asks for: its selectors, and the labels that it groups and matches by.
 * Read from its tokens; whether the syntax is right is for promtool to say.
 */
record PromQl(List<Selector> selectors, Set<String> grouping) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+"
              + "|(?<range>\\[[^]]*])"
              + "|(?<string>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*')"
              + "|(?<number>\\d[\\w.]*)"
              + "|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^(){},=<>])");
  private static final Set<String> LABELS_FOLLOW =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

  /** A metric and what its labels must be. */
  record Selector(String metric, List<LabelMatcher> matchers) {}

  record LabelMatcher(String label, String operator, String value) {}

  static PromQl parse(String query) {
    return new Reader(tokens(query)).read();
  }

  private static List<String> tokens(String query) {
    var tokens = new ArrayList<String>();
    Matcher matcher = TOKEN.matcher(query);
    int at = 0;
    while (at < query.length()) {
      if (!matcher.find() || matcher.start() != at) {
        throw new IllegalArgumentException("no token of PromQL: " + query.substring(at));
      }
      at = matcher.end();
      if (!matcher.group().isBlank()) {
        tokens.add(matcher.group());
      }
    }
    return tokens;
  }

  private static final class Reader {
    private final List<String> tokens;
    private final List<Selector> selectors = new ArrayList<>();
    private final Set<String> grouping = new LinkedHashSet<>();
    private int next;

    Reader(List<String> tokens) {
      this.tokens = tokens;
    }

    PromQl read() {
      while (next < tokens.size()) {
        String token = tokens.get(next++);
        if (token.equals("{")) {
          throw new IllegalArgumentException("a selector without the name of a metric: " + tokens);
        } else if (!isName(token) || WORDS.contains(token)) {
          continue;
        } else if (LABELS_FOLLOW.contains(token)) {
          readLabels();
        } else if (!peek("(") && !isAggregation()) {
          selectors.add(new Selector(token, readMatchers()));
        }
      }
      return new PromQl(selectors, grouping);
    }

    private static boolean isName(String token) {
      return Character.isLetter(token.charAt(0)) || "_:".indexOf(token.charAt(0)) >= 0;
    }

    private boolean peek(String token) {
      return next < tokens.size() && tokens.get(next).equals(token);
    }

    private boolean isAggregation() {
      return peek("by") || peek("without");
    }

    private void readLabels() {
      if (!peek("(")) {
        return; // group_left need not name any
      }
      for (next++; !peek(")"); next++) {
        if (!peek(",")) {
          grouping.add(tokens.get(next));
        }
      }
      next++;
    }

    private List<LabelMatcher> readMatchers() {
      var matchers = new ArrayList<LabelMatcher>();
      if (!peek("{")) {
        return matchers;
      }
      next++;
      while (!peek("}")) {
        String value = tokens.get(next + 2);
        matchers.add(
            new LabelMatcher(
                tokens.get(next), tokens.get(next + 1), value.substring(1, value.length() - 1)));
        next += 3;
        if (peek(",")) {
          next++;
        }
      }
      next++;
      return matchers;
    }
  }
}
