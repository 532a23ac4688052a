package dev.sluice.market.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Tick;
import dev.sluice.market.source.LineFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineParserTest {
  private static final String NONE = "none";
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-/_";

  private final LineParser parser = new LineParser();

  private @Nullable Tick parse(String line) {
    return parse(line.getBytes(StandardCharsets.ISO_8859_1));
  }

  private @Nullable Tick parse(byte[] line) {
    return parser.parse(new RawTick(3, line, 77));
  }

  private void assertTick(String symbol, long price, long size, String time, String line) {
    long millis = time.equals(NONE) ? Tick.NO_TIME : Long.parseLong(time);
    assertEquals(new Tick(3, symbol, price, size, millis, 77), parse(line), line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "A,1 A 100000000 0 none",
        "A,1,2 A 100000000 2 none",
        "ACME,12.5,100,1767225600000 ACME 1250000000 100 1767225600000",
        "WTI,-36.98 WTI -3698000000 0 none",
        "A,+1.5,0,0 A 150000000 0 0",
        "A,-0 A 0 0 none",
        "A,000.10 A 10000000 0 none",
        "A,0.00000001 A 1 0 none",
        "A,-0.00000001 A -1 0 none",
        "A,9999999999.99999999 A 999999999999999999 0 none",
        "A,-9999999999.99999999 A -999999999999999999 0 none",
        "A,1,1000000000000 A 100000000 1000000000000 none",
        "A,1,1,253402300799999 A 100000000 1 253402300799999",
        "BRK.B/US-1_2,3 BRK.B/US-1_2 300000000 0 none",
        "ABCDEFGHIJKLMNOP,3 ABCDEFGHIJKLMNOP 300000000 0 none",
        "55,1 55 100000000 0 none",
      })
  void readsCsv(String line, String symbol, long price, long size, String time) {
    assertTick(symbol, price, size, time, line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "A",
        "A,",
        "A,,",
        ",1",
        "A,1,",
        "A,1,2,",
        "A,1,,3",
        "A,1,2,3,",
        "A,1,2,3,4",
        "a,1",
        "\u00c4,1",
        " A,1",
        "A ,1",
        "A, 1",
        "A,1 ",
        "A,1\r",
        "A,1,2 ",
        "A\0,1",
        "\0A,1",
        "ABCDEFGHIJKLMNOPQ,1",
        "A;1",
        "A\t1",
        "\"A\",1",
        "A,.5",
        "A,5.",
        "A,.",
        "A,-",
        "A,+",
        "A,--1",
        "A,+-1",
        "A,1-",
        "A,1.2.3",
        "A,1e3",
        "A,0x1",
        "A,NaN",
        "A,Infinity",
        "A,1_000",
        "A,12345678901",
        "A,00000000001",
        "A,1.123456789",
        "A,1,-1",
        "A,1,+1",
        "A,1,1.0",
        "A,1,1000000000001",
        "A,1,9999999999999999999999",
        "A,1,x",
        "A,1,1,-1",
        "A,1,1,253402300800000",
        "A,1,1,99999999999999999999",
        "A,1,1,x",
        "A,1,1,2026-01-01",
      })
  void refusesOtherCsv(String line) {
    assertNull(parse(line), line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\'',
      value = {
        "{\"symbol\":\"X\",\"price\":1.25,\"size\":100,\"time\":1767225600000}"
            + " X 125000000 100 1767225600000",
        "{\"price\":-36.98,\"symbol\":\"WTI\"} WTI -3698000000 0 none",
        "{\"time\":0,\"size\":0,\"price\":0,\"symbol\":\"X\"} X 0 0 0",
        "{\"symbol\":\"\\u0041\\/B\",\"price\":1} A/B 100000000 0 none",
        "{\"symbol\":\"X\",\"price\":-9999999999.99999999} X -999999999999999999 0 none",
        "{\"s\\u0079mbol\":\"X\",\"price\":1} X 100000000 0 none",
        "'{ \"symbol\" : \"X\" , \"price\" : 1 } ' X 100000000 0 none",
      })
  void readsJson(String line, String symbol, long price, long size, String time) {
    assertTick(symbol, price, size, time, line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}",
        "{\"symbol\":\"X\"}",
        "{\"price\":1}",
        "{\"symbol\":\"X\",\"price\":1",
        "{\"symbol\":\"X\",\"price\":1}}",
        "{\"symbol\":\"X\",\"price\":1}{\"symbol\":\"X\",\"price\":1}",
        "{\"symbol\":\"X\",\"price\":1},",
        "{\"symbol\":\"X\",\"price\":1}x",
        "{\"symbol\":\"X\",\"price\":1,}",
        "{\"symbol\":\"X\",\"price\":1,\"other\":1}",
        "{\"symbol\":\"X\",\"price\":1,\"\":1}",
        "{\"symbol\":\"X\",\"symbol\":\"X\",\"price\":1}",
        "{\"symbol\":\"X\",\"price\":1,\"price\":1}",
        "{\"symbol\":\"X\",\"price\":1,\"size\":1,\"size\":1}",
        "{\"symbol\":\"X\",\"price\":1,\"time\":1,\"time\":1}",
        "{\"symbol\":\"x\",\"price\":1}",
        "{\"symbol\":\"\",\"price\":1}",
        "{\"symbol\":\"\\u00c4\",\"price\":1}",
        "{\"symbol\":\"\\u0141\",\"price\":1}", // its low byte is an A
        "{\"symbol\":\"ABCDEFGHIJKLMNOPQ\",\"price\":1}",
        "{\"symbol\":1,\"price\":1}",
        "{\"symbol\":null,\"price\":1}",
        "{\"symbol\":{\"symbol\":\"X\"},\"price\":1}",
        "{\"symbol\":\"X\",\"price\":\"1\"}",
        "{\"symbol\":\"X\",\"price\":null}",
        "{\"symbol\":\"X\",\"price\":[1]}",
        "{\"symbol\":\"X\",\"price\":true}",
        "{\"symbol\":\"X\",\"price\":NaN}",
        "{\"symbol\":\"X\",\"price\":+1}",
        "{\"symbol\":\"X\",\"price\":01}",
        "{\"symbol\":\"X\",\"price\":.5}",
        "{\"symbol\":\"X\",\"price\":5.}",
        "{\"symbol\":\"X\",\"price\":1e3}",
        "{\"symbol\":\"X\",\"price\":1e2147483647}",
        "{\"symbol\":\"X\",\"price\":1e99999999999}",
        "{\"symbol\":\"X\",\"price\":12345678901234567890e2147483630}",
        "{\"symbol\":\"X\",\"price\":12345678901}",
        "{\"symbol\":\"X\",\"price\":1.123456789}",
        "{\"symbol\":\"X\",\"price\":1,\"size\":-1}",
        "{\"symbol\":\"X\",\"price\":1,\"size\":1.0}",
        "{\"symbol\":\"X\",\"price\":1,\"size\":\"1\"}",
        "{\"symbol\":\"X\",\"price\":1,\"size\":1000000000001}",
        "{\"symbol\":\"X\",\"price\":1,\"size\":99999999999999999999999}",
        "{\"symbol\":\"X\",\"price\":1,\"time\":-1}",
        "{\"symbol\":\"X\",\"price\":1,\"time\":253402300800000}",
        "[{\"symbol\":\"X\",\"price\":1}]",
        " {\"symbol\":\"X\",\"price\":1}",
        "\"symbol\"",
      })
  void refusesOtherJson(String line) {
    assertNull(parse(line), line);
  }

  @ParameterizedTest
  @CsvSource({
    "55=X|44=1.25, X, 125000000, 0, none",
    "8=FIX.4.4|9=65|35=X|55=WTI|44=-36.98|38=7|60=1767225600000|10=007|,"
        + " WTI, -3698000000, 7, 1767225600000",
    "44=1|58=|55=X, X, 100000000, 0, none",
    "055=X|44=1, X, 100000000, 0, none",
    "55=X|44=1|60=20260101-00:00:00, X, 100000000, 0, 1767225600000",
    "55=X|44=1|60=20260101-00:00:00.123, X, 100000000, 0, 1767225600123",
    "55=X|44=1|60=20260101-00:00:00.5, X, 100000000, 0, 1767225600500",
    "55=X|44=1|60=20260101-00:00:00.123999999, X, 100000000, 0, 1767225600123",
    "55=X|44=1|60=19700101-00:00:00.000, X, 100000000, 0, 0",
    "55=X|44=1|60=20240229-23:59:59.999, X, 100000000, 0, 1709251199999",
    "55=X|44=1|60=99991231-23:59:59.999, X, 100000000, 0, 253402300799999",
  })
  void readsFix(String line, String symbol, long price, long size, String time) {
    assertTick(symbol, price, size, time, line);
    assertTick(symbol, price, size, time, line.replace('|', '\001'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "55=X",
        "44=1",
        "55=X|44=",
        "55=|44=1",
        "55=X|44=1|55=X",
        "55=X|44=1|44=1",
        "55=X|44=1|38=1|38=1",
        "55=X|44=1|60=1|60=1",
        "55=X|44=1||",
        "55=X||44=1",
        "|55=X|44=1",
        "55=X|44=1|x=1",
        "55=X|44=1|=1",
        "55=X|44=1|9",
        "55=X|44=1|1234567=1",
        "55=X;44=1",
        "55=x|44=1",
        "55=X|44=1e3",
        "55=X|44=1|38=-1",
        "55=X|44=1|38=1000000000001",
        "55=X|44=1|60=",
        "55=X|44=1|60=-1",
        "55=X|44=1|60=253402300800000",
        "-55=X|44=1",
        "55=X|44=1|60=20260101-00:00",
        "55=X|44=1|60=20260101 00:00:00",
        "55=X|44=1|60=20260001-00:00:00",
        "55=X|44=1|60=20261301-00:00:00",
        "55=X|44=1|60=20260100-00:00:00",
        "55=X|44=1|60=20260229-00:00:00",
        "55=X|44=1|60=20260431-00:00:00",
        "55=X|44=1|60=20260101-24:00:00",
        "55=X|44=1|60=20260101-00:60:00",
        "55=X|44=1|60=20260101-00:00:60",
        "55=X|44=1|60=19691231-23:59:59",
        "55=X|44=1|60=2026-101-00:00:00",
        "55=X|44=1|60=20260101-00:00:00.",
        "55=X|44=1|60=20260101-00:00:00Z",
        "55=X|44=1|60=20260101-00:00:00.1234567890",
        "55=X|44=1|60=20260101-00:00:00.-1",
        "55=X|44=1|60=20260101-0x:00:00",
      })
  void refusesOtherFix(String line) {
    assertNull(parse(line), line);
    assertNull(parse(line.replace('|', '\001')), line);
  }

  @Test
  void readsLinesUpToTheLongest() {
    String fix = "55=X|44=1|58=";
    assertNotNull(parse(fix + "x".repeat(LineParser.MAX_LINE - fix.length())));
    assertNull(parse(fix + "x".repeat(LineParser.MAX_LINE + 1 - fix.length())));
    String json = "{\"symbol\":\"X\",\"price\":1";
    assertNotNull(parse(json + " ".repeat(LineParser.MAX_LINE - 1 - json.length()) + "}"));
    assertNull(parse(json + " ".repeat(LineParser.MAX_LINE - json.length()) + "}"));
    assertNull(parse("{\"symbol\":\"" + "X".repeat(900) + "\",\"price\":1}"));
    assertNull(parse("{\"symbol\":\"X\",\"price\":" + "1".repeat(900) + "}"));
    assertNull(parse("{\"a\":".repeat(200)));
    assertNull(parse("[".repeat(1_000)));
  }

  @Test
  void makesAStringOfASymbolOnce() {
    Tick first = assertNotNullTick("ACME,1");
    assertSame(first.symbol(), assertNotNullTick("ACME,2").symbol());
    assertSame(first.symbol(), assertNotNullTick("55=ACME|44=2").symbol());
    assertSame(first.symbol(), assertNotNullTick("{\"symbol\":\"ACME\",\"price\":2}").symbol());
  }

  private Tick assertNotNullTick(String line) {
    Tick tick = parse(line);
    assertNotNull(tick, line);
    return tick;
  }

  @Test
  void knowsSoManySymbolsAndNoMore() {
    for (int i = 0; i < Symbols.MOST; i++) {
      assertEquals("S" + i, assertNotNullTick("S" + i + ",1").symbol());
    }
    assertNull(parse("ONEMORE,1"));
    assertNull(parse("55=ONEMORE|44=1"));
    assertNull(parse("{\"symbol\":\"ONEMORE\",\"price\":1}"));
    for (int i = 0; i < Symbols.MOST; i++) {
      assertEquals("S" + i, assertNotNullTick("S" + i + ",1").symbol());
    }
  }

  @Test
  void garbageOfCsvTakesNoPlaceOfASymbol() {
    for (int i = 0; i < 2 * Symbols.MOST; i++) {
      assertNull(parse("S" + i + ",x"));
    }
    assertNotNull(parse("ACME,1"));
  }

  @Test
  void tellsSymbolsApartThatDifferByZeroBytes() {
    assertNotNull(parse("A,1"));
    assertNull(parse("\0A,1"));
    assertNull(parse("A\0,1"));
    assertEquals("ABCDEFGHI", assertNotNullTick("ABCDEFGHI,1").symbol());
    assertNull(parse("ABCDEFGH\0I,1"));
  }

  @ParameterizedTest
  @EnumSource(LineFormat.class)
  void readsBackWhatIsWritten(LineFormat format) {
    var random = new SplittableRandom(9);
    var writer = new LineFormat.Writer(format);
    String[] symbols =
        random.ints(500, 1, 17).mapToObj(length -> symbol(random, length)).toArray(String[]::new);
    for (int i = 0; i < 20_000; i++) {
      String symbol = symbols[random.nextInt(symbols.length)];
      long price = anyLength(random, 999_999_999_999_999_999L) * (random.nextBoolean() ? 1 : -1);
      long size = anyLength(random, LineParser.MAX_SIZE);
      long time = anyLength(random, LineParser.MAX_TIME);
      byte[] line = writer.line(symbol.getBytes(StandardCharsets.US_ASCII), price, size, time);
      assertEquals(
          new Tick(3, symbol, price, size, time, 77),
          parse(line),
          () -> new String(line, StandardCharsets.US_ASCII));
    }
  }

  private static String symbol(SplittableRandom random, int length) {
    var symbol = new StringBuilder();
    for (int i = 0; i < length; i++) {
      symbol.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return symbol.toString();
  }

  /** Numbers of each length alike, and now and then the least and the most. */
  private static long anyLength(SplittableRandom random, long most) {
    return switch (random.nextInt(20)) {
      case 0 -> 0;
      case 1 -> most;
      default -> {
        long power = (long) Math.pow(10, random.nextInt(1, 19));
        yield random.nextLong(Math.min(most, power)) + 1;
      }
    };
  }

  @Test
  void neverThrowsOnRandomBytes() {
    var random = new SplittableRandom(1);
    int garbage = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] line = new byte[random.nextInt(80)];
      random.nextBytes(line);
      if (line.length > 0) {
        line[0] = (byte) "{5A?".charAt(random.nextInt(4));
      }
      garbage += parse(line) == null ? 1 : 0;
    }
    assertTrue(garbage > 49_900, "only so much was garbage: " + garbage);
  }

  /** Lines that are nearly right come further than random ones. */
  @ParameterizedTest
  @EnumSource(LineFormat.class)
  void neverThrowsOnSpoiltLines(LineFormat format) {
    var random = new SplittableRandom(2);
    var writer = new LineFormat.Writer(format);
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] line = writer.line(new byte[] {'A', 'B'}, random.nextLong(1_000_000_000), i, i);
      for (int spoilt = random.nextInt(1, 4); spoilt > 0; spoilt--) {
        line[random.nextInt(line.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : (byte) "019eE.-+\",:{}[]=|\\u".charAt(random.nextInt(19));
      }
      Tick tick =
          parse(random.nextBoolean() ? line : Arrays.copyOf(line, random.nextInt(line.length)));
      if (tick != null) {
        read++;
        assertTrue(tick.size() >= 0 && tick.size() <= LineParser.MAX_SIZE, tick::toString);
        assertTrue(tick.time() <= LineParser.MAX_TIME, tick::toString);
        assertTrue(tick.symbol().matches("[A-Z0-9./_-]{1,16}"), tick::toString);
      }
    }
    assertTrue(read > 0 && read < 60_000, "read " + read);
  }
}
