package dev.sluice.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NoLeaks
@Timeout(60)
class OptionsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) throws InterruptedException {
    return Main.main(
        false,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--seconds=0                   | --seconds is 0, must be 1 to",
        "--seconds=x                   | --seconds",
        "--sources=-1                  | --sources is -1, must be 0 to 200",
        "--sources=0                   | there are no sources",
        "--symbols=0                   | --symbols is 0",
        "--subscribe=101               | --subscribe is 101, must be 0 to 100",
        "--rate=-5                     | rate is -5",
        "--port=65536                  | --port is 65536",
        "--tcp=-1                      | --tcp is -1",
        "--cap=0                       | --cap is 0",
        "--capacity=0                  | capacity is 0",
        "--normalisers=0               | normalisers is 0",
        "--speed=0                     | speed",
        "--window=soon                 | 'soon' is no duration",
        "--view=pretty                 | live, plain or none",
        "--consumer=a:block:1          | NAME:POLICY:QUEUE:WORK",
        "--consumer=a:drop:1:1ms       | block, drop-newest or drop-oldest",
        "--consumer=a:block:0:1ms      | capacity is 0, must be 1 to 65536",
        "--consumer=a:block:1:2m       | zero to a minute",
        "--replay=/nowhere/at/all.csv  | /nowhere/at/all.csv",
        "--nothing                     | --nothing"
      })
  void namesWhatIsWrong(String option, String says) throws Exception {
    String[] args =
        option.startsWith("--speed")
            ? new String[] {"--port=0", "--seconds=1", "--replay=oil", option}
            : option.startsWith("--seconds") || option.startsWith("--port")
                ? new String[] {option}
                : new String[] {"--port=0", "--seconds=1", option};
    assertEquals(2, run(args), () -> out + "\n" + err);
    assertTrue(err.toString(StandardCharsets.UTF_8).contains(says), err::toString);
  }

  @Test
  void helps() throws Exception {
    assertEquals(0, run("--help"));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("Exit status"));
  }

  @Test
  void theTableIsTheLastThingItSays() throws Exception {
    assertEquals(
        0,
        run("--seconds=2", "--sources=2", "--rate=2000", "--port=0", "--view=plain"),
        err::toString);
    String[] lines = out.toString(StandardCharsets.UTF_8).strip().split("\n", -1);
    assertTrue(lines[lines.length - 1].contains("every tick is accounted for"), out::toString);
  }
}
