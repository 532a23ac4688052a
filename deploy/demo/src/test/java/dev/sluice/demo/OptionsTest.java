package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void withoutAnyOptionTheServicesAreAtTheirUsualPorts() throws Options.BadOption {
    Options options = Options.parse(false);

    assertEquals(URI.create("http://127.0.0.1:8081"), options.limiter());
    assertEquals(URI.create("http://127.0.0.1:8082"), options.dedup());
    assertEquals(URI.create("http://127.0.0.1:8083"), options.pool());
    assertEquals(URI.create("http://127.0.0.1:8084"), options.mesh());
    assertEquals(Options.defaults(), options);
  }

  @Test
  void everyOptionIsTakenInBothForms(@TempDir Path dir) throws Exception {
    Path file = Files.createFile(dir.resolve("events.ndjson"));

    Options options =
        Options.parse(
            true,
            "--limiter",
            "http://a:1",
            "--dedup=http://b:2",
            "--pool",
            "https://c/pool",
            "--mesh=http://d:4",
            "--speed",
            "0.5",
            "--patience=2.5",
            "--events",
            file.toString(),
            "--progress=plain");

    assertEquals(
        new Options(
            URI.create("http://a:1"),
            URI.create("http://b:2"),
            URI.create("https://c/pool"),
            URI.create("http://d:4"),
            0.5,
            file,
            Duration.ofMillis(2_500),
            false),
        options);
  }

  @Test
  void theLastOfSeveralWins() throws Options.BadOption {
    assertEquals(7, Options.parse(false, "--speed", "3", "--speed=7").speed());
  }

  @Test
  void aSlashAtTheEndOfAnAddressIsDropped() throws Options.BadOption {
    assertEquals(URI.create("http://h:1"), Options.parse(false, "--mesh", "http://h:1/").mesh());
  }

  @Test
  void theProgressIsLiveOnATerminalUnlessToldOtherwise() throws Options.BadOption {
    assertTrue(Options.parse(true).live());
    assertFalse(Options.parse(false).live());
    assertFalse(Options.parse(true, "--progress", "plain").live());
    assertTrue(Options.parse(false, "--progress", "live").live());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --speed x          | --speed is 'x', but must be a number from 0.1 to 100
          --speed 0          | --speed is '0', but must be a number from 0.1 to 100
          --speed NaN        | --speed is 'NaN', but must be a number from 0.1 to 100
          --speed 100.1      | --speed is '100.1', but must be a number from 0.1 to 100
          --patience 0       | --patience is '0', but must be a number from 1 to 3600
          --speed            | --speed needs a value
          --speed=           | --speed needs a value
          --speed --pool     | --speed needs a value
          --pool localhost   | --pool is 'localhost', but must be an address like http://127.0.0.1:8081
          --pool ftp://a     | --pool is 'ftp://a', but must be an address like http://127.0.0.1:8081
          --pool http://a?b  | --pool is 'http://a?b', but must be an address like http://127.0.0.1:8081
          --pool http://a:b  | --pool is 'http://a:b', but must be an address like http://127.0.0.1:8081
          --events nowhere   | --events is 'nowhere', but there is no such file that can be read
          --events .         | --events is '.', but there is no such file that can be read
          --progress fast    | --progress is 'fast', but must be live or plain
          --sped 3           | unknown option '--sped'; --help lists those there are
          now                | unknown option 'now'; --help lists those there are
          """)
  void aBadOptionIsNamedWithItsValueAndWhatIsAllowed(String arguments, String message) {
    String[] args = arguments.split(" ");

    var bad = assertThrows(Options.BadOption.class, () -> Options.parse(false, args));

    assertEquals(message, bad.getMessage());
  }

  @Test
  void aBadOptionEndsTheProgramWithOneLineAndStatus2() throws InterruptedException {
    var run = new Run("--speed", "fast");

    assertEquals(2, run.status);
    assertEquals("sluice demo: --speed is 'fast', but must be a number from 0.1 to 100\n", run.err);
    assertEquals("", run.out);
  }

  @Test
  void aBadRecordingEndsTheProgramWithOneLineAndStatus2(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("bad.ndjson"), "[]\n");

    var run = new Run("--events", file.toString());

    assertEquals(2, run.status);
    assertTrue(run.err.startsWith("sluice demo: " + file + ", line 1: "), run.err);
    assertEquals(1, run.err.lines().count());
  }

  @Test
  void whatIsOnlyCheckedIsNotRun() throws InterruptedException {
    var good = new Run("--check", "--speed", "2", "--pool", "http://127.0.0.1:1");

    assertEquals(0, good.status);
    assertEquals("", good.out + good.err);

    var bad = new Run("--speed", "fast", "--check");

    assertEquals(2, bad.status);
    assertEquals("sluice demo: --speed is 'fast', but must be a number from 0.1 to 100\n", bad.err);
  }

  @Test
  void aRecordingIsCheckedToo(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("bad.ndjson"), "[]\n");

    assertEquals(2, new Run("--check", "--events", file.toString()).status);
  }

  @Test
  void helpIsPrintedWhateverElseIsAsked() throws InterruptedException {
    var run = new Run("--speed", "fast", "--help");

    assertEquals(0, run.status);
    assertEquals(Options.USAGE, run.out);
    assertEquals("", run.err);
  }

  /** What the program printed, and how it ended. */
  private static final class Run {
    final int status;
    final String out;
    final String err;

    Run(String... args) throws InterruptedException {
      var written = new ByteArrayOutputStream();
      var complained = new ByteArrayOutputStream();
      status = Demo.main(false, new PrintStream(written), new PrintStream(complained), args);
      out = written.toString(StandardCharsets.UTF_8);
      err = complained.toString(StandardCharsets.UTF_8);
    }
  }
}
