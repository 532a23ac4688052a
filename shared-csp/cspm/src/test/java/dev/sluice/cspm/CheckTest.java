package dev.sluice.cspm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program, run as one. */
@Timeout(60)
class CheckTest {
  @TempDir Path folder;

  private record Run(int status, String output) {}

  private Run run(Path... files) throws IOException, InterruptedException {
    String launcher = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        Path.of(Check.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    var command = new ArrayList<>(List.of(launcher, "-cp", classes, "dev.sluice.cspm.Check"));
    for (Path file : files) {
      command.add(file.toString());
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), "channel a\n" + text);
  }

  @Test
  void theStatusIsThatOfTheWorstFile() throws Exception {
    Path good = file("good.csp", "assert a -> SKIP :[deadlock free]");
    Path bad = file("bad.csp", "assert a -> STOP :[deadlock free]");
    Path ugly = file("ugly.csp", "assert");

    assertEquals(
        new Run(0, good + "\n  PASS         3 states  a -> SKIP :[deadlock free]\n"), run(good));

    Run some = run(bad, good);
    assertEquals(1, some.status);
    assertTrue(
        some.output.contains("FAIL         2 states  a -> STOP :[deadlock free]"), some.output);
    assertTrue(some.output.contains("after <a> it may deadlock"), some.output);

    Run unreadable = run(ugly, bad);
    assertEquals(2, unreadable.status);
    assertTrue(
        unreadable.output.contains(
            "ERROR ugly.csp:2: expected an expression but found the end of the file"),
        unreadable.output);
    assertEquals(2, run(folder.resolve("none.csp")).status);
    assertEquals(2, run().status);
  }
}
