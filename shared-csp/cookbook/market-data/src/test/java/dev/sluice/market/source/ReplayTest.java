package dev.sluice.market.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
@Timeout(60)
class ReplayTest {
  private static final double DAY_A_SECOND = 86_400;

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("prices.csv"), text);
  }

  private List<String> linesOf(String text, double speed) throws Exception {
    try (var rig = Rig.of(Replay.of("r", file(text), speed, false))) {
      var lines = new ArrayList<String>();
      for (String line = rig.line(); line != null; line = rig.line()) {
        int time = line.lastIndexOf(',') + 1;
        lines.add(line.substring(0, time) + (Long.parseLong(line.substring(time)) - rig.opened));
      }
      rig.scope.join();
      return lines;
    }
  }

  @Test
  void sendsRowsAtTheirDistancesAndEnds() throws Exception {
    String text =
        """
        # a comment

        2020-04-20,WTI,-36.98
        2020-04-20T00:00:00Z,BRENT,17.36,5\r
        2020-04-20T00:00:01.500Z,WTI,9.06,1000000000000
        1587340803000,WTI,13.64\
        """;
    assertEquals(
        List.of(
            "WTI,-36.98,0,0", "BRENT,17.36,5,0", "WTI,9.06,1000000000000,750", "WTI,13.64,0,1500"),
        linesOf(text, 2));
  }

  @Test
  void takesDatesBefore1970AndRowsOfOneInstant() throws Exception {
    assertEquals(
        List.of("A,1,0,0", "B,2,0,0", "A,3,0,0"),
        linesOf("1950-01-01,A,1\n1950-01-01,B,2\n1950-01-01,A,3\n", 1));
  }

  @Test
  void beginsAgainWhenItLoops() throws Exception {
    String text = "0,A,1\n1000,A,2\n2000,A,3\n3000,A,4\n";
    try (var rig = Rig.of(Replay.of("r", file(text), 1, true))) {
      long previous = rig.opened - 1;
      for (int i = 0; i < 300; i++) {
        String[] cells = String.valueOf(rig.line()).split(",", -1);
        assertEquals(String.valueOf(1 + i % 4), cells[1]);
        long time = Long.parseLong(cells[3]);
        assertEquals(i == 0 ? 1 : i % 4 == 0 ? 750 : 1_000, time - previous);
        previous = time;
      }
      rig.stopAndJoin();
    }
  }

  @Test
  void aLoopOfRowsOfOneInstantIsNotWithoutEnd() throws Exception {
    try (var rig = Rig.of(Replay.of("r", file("0,A,1\n"), 1e12, true))) {
      for (int i = 0; i < 100; i++) {
        assertEquals("A,1,0," + (rig.opened + i), rig.line());
      }
      rig.stopAndJoin();
    }
  }

  @Test
  void theOilPricesComeWithTheProgram() throws Exception {
    try (var rig = Rig.of(Replay.oil(DAY_A_SECOND, false))) {
      var lines = new ArrayList<String>();
      for (String line = rig.line(); line != null; line = rig.line()) {
        lines.add(line);
      }
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("WTI,-36.98,")));
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("BRENT,")));
      assertTrue(lines.size() >= 79, "there are " + lines.size());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | it must be TIME,SYMBOL,PRICE[,SIZE]",
        "2020-01-01 | it must be TIME,SYMBOL,PRICE[,SIZE]",
        "2020-01-01,A | it must be TIME,SYMBOL,PRICE[,SIZE]",
        "2020-01-01,A,x | it must be TIME,SYMBOL,PRICE[,SIZE]",
        "2020-01-01,A,1,2,3 | it must be TIME,SYMBOL,PRICE[,SIZE]",
        "2020-01-01,a,1 | it must be TIME,SYMBOL,PRICE[,SIZE]",
        "2020-01-01,{\"symbol\":\"A\",\"price\":1} | it must be TIME,SYMBOL,PRICE[,SIZE]",
        "2020-01-01,55=A\u000144=1 | it must be TIME,SYMBOL,PRICE[,SIZE]",
        ",A,1 | its time must be a date",
        "2020-13-01,A,1 | its time must be a date",
        "2020-01-01T25:00:00Z,A,1 | its time must be a date",
        "-5,A,1 | its time must be a date",
        "+999999999-12-31,A,1 | its time must be a date",
        "9223372036854775807,A,1 | its time must be a date",
        "99999999999999999999,A,1 | its time must be a date",
        "2019-12-31,A,1 | its time is before that of the row above",
      })
  void namesFileAndLineOfWhatIsWrong(String row, String what) throws Exception {
    Path file = file("# prices\n2020-01-01,A,1\n" + row + "\n");
    var wrong = assertThrows(IllegalArgumentException.class, () -> Replay.of("r", file, 1, false));
    String message = String.valueOf(wrong.getMessage());
    assertTrue(message.startsWith(file + ", line 3: " + what), message);
  }

  @Test
  void namesFilesThatItCannotTake() throws Exception {
    Path absent = directory.resolve("absent.csv");
    assertThrows(NoSuchFileException.class, () -> Replay.of("r", absent, 1, false));
    assertEquals(directory.resolve("prices.csv") + " has no rows", messageOf("# nothing\n"));
    String longer = messageOf("#" + "x".repeat(5_000));
    assertTrue(longer.endsWith("line 1: it has more than 1024 characters"), longer);
    Path binary = Files.write(directory.resolve("b"), new byte[] {'0', ',', (byte) 0xFF, '\n'});
    var wrong =
        assertThrows(IllegalArgumentException.class, () -> Replay.of("r", binary, 1, false));
    assertEquals(binary + " is not UTF-8", wrong.getMessage());
  }

  private String messageOf(String text) throws IOException {
    Path file = file(text);
    var wrong = assertThrows(IllegalArgumentException.class, () -> Replay.of("r", file, 1, false));
    return String.valueOf(wrong.getMessage());
  }

  @Test
  void takesAMillionRowsAndNoMore() throws Exception {
    Path file = directory.resolve("many.csv");
    var rows = Collections.nCopies(Replay.MAX_ROWS, "0,A,1");
    Files.write(file, rows, StandardCharsets.UTF_8);
    assertNotNull(Replay.of("r", file, 1, false));
    Files.writeString(file, "0,A,1\n", StandardOpenOption.APPEND);
    var wrong = assertThrows(IllegalArgumentException.class, () -> Replay.of("r", file, 1, false));
    assertEquals(file + ", line 1000001: there are more than 1000000 rows", wrong.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesOtherSpeeds(double speed) {
    var wrong = assertThrows(IllegalArgumentException.class, () -> Replay.oil(speed, false));
    assertEquals("speed is " + speed + ", must be above 0, at most 1e12", wrong.getMessage());
  }

  @Test
  void stopsWhileItWaitsForItsNextRow() throws Exception {
    try (var rig = Rig.of(Replay.of("r", file("0,A,1\n253402300799999,A,2\n"), 1e-9, false))) {
      assertNotNull(rig.line());
      rig.stopAndJoin();
      assertNull(rig.line());
    }
  }
}
