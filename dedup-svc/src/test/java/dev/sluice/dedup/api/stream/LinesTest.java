package dev.sluice.dedup.api.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.dedup.api.stream.Lines.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {

  @Test
  void findsTheSameLinesInAnyPieces() throws Lines.TooLong {
    var random = new Random(1);
    for (int round = 0; round < 2_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append("ab\r\n\n".charAt(random.nextInt(5)));
      }
      String input = text.toString();
      assertEquals(expected(input), read(input, 100, random), input);
    }
  }

  /** All between the LFs, and what is after the last unless it is nothing. */
  private static List<String> expected(String input) {
    var lines = new ArrayList<>(Arrays.asList(input.split("\n", -1)));
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  private static List<String> read(String input, int max, Random random) throws Lines.TooLong {
    var lines = new Lines(max);
    var found = new ArrayList<String>();
    byte[] bytes = input.getBytes(ISO_8859_1);
    for (int at = 0; at < bytes.length; ) {
      int to = Math.min(bytes.length, at + random.nextInt(8));
      lines.feed(Arrays.copyOfRange(bytes, at, to));
      for (Line line = lines.next(); line != null; line = lines.next()) {
        found.add(text(line));
      }
      at = to;
    }
    Line last = lines.last();
    if (last != null) {
      found.add(text(last));
    }
    assertNull(lines.last());
    return found;
  }

  private static String text(Line line) {
    return new String(line.bytes(), line.from(), line.length(), ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234\n", "1234\r\n", "1234", "1234\r", "1234\n1234\r\n1234"})
  void aLineOfTheLimitIsRead(String input) throws Lines.TooLong {
    for (int seed = 0; seed < 50; seed++) {
      assertEquals(expected(input), read(input, 4, new Random(seed)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"12345\n", "12345\r\n", "12345", "1\n12345", "1234\r5", "1234\r\r\n"})
  void aLongerOneIsNot(String input) {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      assertThrows(Lines.TooLong.class, () -> read(input, 4, random));
    }
  }

  @Test
  void alsoOfALineThatNeverEndsNoMoreIsKept() throws Lines.TooLong {
    var lines = new Lines(1_000);
    byte[] one = {'x'};
    for (int i = 0; i < 1_000; i++) {
      lines.feed(one);
      assertNull(lines.next());
    }
    lines.feed(one);
    assertThrows(Lines.TooLong.class, lines::next);
  }
}
