package dev.sluice.mesh.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a program that accepts and finishes requests with SIGKILL, again and again, on one file.
 */
@NoLeaks
@Timeout(600)
class KilledLogTest {
  private static final int ROUNDS = Boolean.getBoolean("deep") ? 50 : 4;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom();
  private final TreeSet<Long> kept = new TreeSet<>();
  private final Set<Long> finishing = new HashSet<>();

  @Test
  void everythingThatWasToldKeptIsRecoveredInOrderOrHasItsOutcome() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      killUnderLoad(100_000L * round);
      account();
    }
    assertTrue(kept.size() > 50 * ROUNDS, () -> "few: " + kept.size());
  }

  private void killUnderLoad(long first) throws IOException {
    Process loop =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LogLoop.class.getName(),
                file().toString(),
                "" + first)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader says = loop.inputReader(StandardCharsets.UTF_8)) {
      int lines = 200 + random.nextInt(400);
      for (int i = 0; i < lines; i++) {
        String line = says.readLine();
        assertNotNull(line, "the loop has ended");
        hear(line);
      }
      loop.toHandle().destroyForcibly(); // that of the process would close what it has said
      List<String> rest = says.lines().toList();
      if (!rest.isEmpty()) {
        rest.subList(0, rest.size() - 1).forEach(this::hear); // the last may be cut
      }
      assertEquals(128 + 9, loop.onExit().join().exitValue());
    }
  }

  private void hear(String line) {
    String[] words = line.split(" ", -1);
    long number = Long.parseLong(words[1]);
    switch (words[0]) {
      case "kept" -> kept.add(number);
      case "finishing" -> finishing.add(number);
      default -> throw new AssertionError(line);
    }
  }

  private void account() {
    try (var file = new SqliteFixture(file(), Clock.system(), LogSettings.DEFAULTS)) {
      var driver = new LogDriver(file.engine(), "r-0");
      List<Request> recovered = driver.recovered();
      List<Long> numbers = recovered.stream().map(KilledLogTest::number).toList();
      assertEquals(new TreeSet<>(numbers).stream().toList(), numbers, "not in order, or twice");
      Set<Long> open = Set.copyOf(numbers);
      for (long number : kept) {
        Entry entry = driver.find("r-" + number).orElseThrow();
        assertEquals(LogLoop.request(number), entry.request());
        if (entry.outcome() == null) {
          assertTrue(open.contains(number), () -> number + " is not recovered");
        } else {
          assertEquals(LogLoop.outcome(number), entry.outcome());
          assertTrue(finishing.contains(number), () -> "nobody has finished " + number);
        }
      }
    }
  }

  private static long number(Request request) {
    return Long.parseLong(request.id().substring(2));
  }

  private Path file() {
    return directory.resolve("mesh.db");
  }
}
