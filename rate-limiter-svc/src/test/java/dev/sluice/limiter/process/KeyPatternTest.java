package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class KeyPatternTest {

  @Property
  void matchesAsTheRegularExpressionDoes(
      @ForAll @Chars({'a', 'b', '*'}) @StringLength(max = 8) String pattern,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 10) String key) {
    var expression = Pattern.compile(pattern.replace("*", ".*"));
    assertEquals(expression.matcher(key).matches(), new KeyPattern(pattern).matches(key));
  }

  @Test
  void otherCharactersStandForThemselves() {
    assertEquals(true, new KeyPattern("user:*").matches("user:42"));
    assertEquals(false, new KeyPattern("user.*").matches("user:42"));
    assertEquals(false, new KeyPattern("a".repeat(200) + "*b").matches("a".repeat(256)));
  }
}
