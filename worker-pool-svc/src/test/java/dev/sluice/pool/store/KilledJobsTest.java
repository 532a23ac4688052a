package dev.sluice.pool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a program that submits, leases and ends jobs with SIGKILL, again and again, on one file.
 */
@NoLeaks
@Timeout(600)
class KilledJobsTest {
  private static final int ROUNDS = Boolean.getBoolean("deep") ? 50 : 4;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom();
  private final Set<Long> accepted = new HashSet<>();
  private final Set<Long> leased = new HashSet<>();
  private final Set<Long> done = new HashSet<>();

  @Test
  void noJobThatWasAcceptedIsEverLost() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      killUnderLoad(100_000L * round);
      account();
    }
    assertTrue(done.size() > 10 * ROUNDS, () -> "few: " + done.size());
  }

  private void killUnderLoad(long first) throws IOException {
    Process loop =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                JobLoop.class.getName(),
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
      case "accepted" -> accepted.add(number);
      case "leased" ->
          assertTrue(leased.add(number), () -> number + " is in two workers' hands at once");
      case "done" -> done.add(number);
      default -> throw new AssertionError(line);
    }
  }

  private void account() {
    try (var file = new SqliteFixture(file(), Clock.system(), TestJobs.DEFAULTS)) {
      var driver = new JobDriver(file.engine());
      long depth = 0;
      for (long number : accepted) {
        JobView job = driver.on(jobs -> jobs.find(JobLoop.id(number))).orElseThrow();
        assertEquals(JobLoop.payload(number), job.payload());
        if (done.contains(number)) {
          assertEquals(JobState.SUCCEEDED, job.state());
          assertEquals(JobLoop.payload(number), job.result());
        } else if (leased.contains(number)) {
          assertFalse(job.state() == JobState.QUEUED, () -> number + " has lost its lease");
        }
        depth += job.state().isFinished() ? 0 : 1;
      }
      long unheard = driver.on(Jobs::counts).get(JobLoop.QUEUE).depth() - depth;
      assertTrue(unheard >= 0, () -> unheard + " jobs that nobody has heard of");
    }
  }

  private Path file() {
    return directory.resolve("pool.db");
  }
}
