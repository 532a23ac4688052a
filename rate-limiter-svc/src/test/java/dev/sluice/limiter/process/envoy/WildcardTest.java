package dev.sluice.limiter.process.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardTest {

  @ParameterizedTest
  @CsvSource({
    "foo*, foo, true",
    "foo*, foobar, true",
    "foo*, fo, false",
    "*, '', true",
    "*, any, true",
    "bar*b, barb, true",
    "bar*b, bar123b, true",
    "bar*b, bar, false",
    "bar*b, barx, false",
    "ab*ba, aba, false",
    "/api/*/action, /api/123/action, true",
    "/api/*/action, /api/123/other, false",
    "/api/*/action, /api/a/b/action, true",
    "/api/*/resource/*/action, /api/v1/resource/123/action, true",
    "/api/*/resource/*/action, /api/v1/resources/123/action, false",
    "a*b*c, abc, true",
    "a*b*c, acb, false",
    "a*b*bc, abc, false",
    "**, x, true",
    "a**b, ab, true"
  })
  void matches(String pattern, String text, boolean expected) {
    assertEquals(expected, new Wildcard(pattern).matches(text), pattern + " on " + text);
  }

  @Test
  void agreesWithARegularExpression() {
    var random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      String pattern = text(random, "ab*", 6) + "*" + text(random, "ab*", 3);
      String text = text(random, "ab", 8);
      var expression = Pattern.compile(pattern.replace("*", ".*"));
      assertEquals(
          expression.matcher(text).matches(),
          new Wildcard(pattern).matches(text),
          pattern + " on " + text);
    }
  }

  private static String text(Random random, String letters, int longest) {
    var text = new StringBuilder();
    int length = random.nextInt(longest + 1);
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
