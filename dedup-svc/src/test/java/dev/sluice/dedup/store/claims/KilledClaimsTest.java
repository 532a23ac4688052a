package dev.sluice.dedup.store.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.dedup.store.SqliteFixture;
import dev.sluice.dedup.store.claims.ClaimOperation.Claim;
import dev.sluice.dedup.store.claims.ClaimOutcome.Claimed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Completed;
import dev.sluice.dedup.store.claims.ClaimOutcome.InProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a program that claims and completes with SIGKILL, again and again, on one file. */
@NoLeaks
@Timeout(600)
class KilledClaimsTest {
  private static final int ROUNDS = Boolean.getBoolean("deep") ? 50 : 4;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom();
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final Set<Integer> claimed = new HashSet<>();
  private final Set<Integer> completed = new HashSet<>();
  private long lastFence;

  @Test
  void noClaimAndNoResponseThatWasToldIsEverLost() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      killUnderLoad(100_000 * round);
      askAgain();
    }
    assertTrue(completed.size() > 50 * ROUNDS, () -> "few: " + completed.size());
  }

  private void killUnderLoad(int first) throws IOException {
    Process loop =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ClaimLoop.class.getName(),
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
    int number = Integer.parseInt(words[1]);
    switch (words[0]) {
      case "claimed" -> {
        claimed.add(number);
        long fence = Long.parseLong(words[2]);
        assertTrue(fence > lastFence, () -> fence + " after " + lastFence);
        lastFence = fence;
      }
      case "completed" -> completed.add(number);
      default -> throw new AssertionError(line);
    }
  }

  private void askAgain() throws InterruptedException {
    try (var file = new SqliteFixture(file())) {
      ClaimStore store =
          file.engine().claimStores(1_000_000, 1_000_000_000).open(0, () -> wakes.add(true));
      for (int number : completed) {
        var replay = assertInstanceOf(Completed.class, claim(store, number, 1));
        assertEquals(ClaimLoop.response(number), replay.response());
      }
      for (int number : claimed) {
        if (!completed.contains(number)) { // within the lease: in progress, or it was completed
          ClaimOutcome outcome = claim(store, number, 1);
          switch (outcome) {
            case Completed done -> assertEquals(ClaimLoop.response(number), done.response());
            case InProgress _ -> {}
            case Claimed anew -> {
              assertTrue(anew.fence() > lastFence, () -> anew + " after " + lastFence);
              lastFence = anew.fence();
            }
            default -> throw new AssertionError(outcome);
          }
        }
      }
    }
  }

  private ClaimOutcome claim(ClaimStore store, int number, long lease) throws InterruptedException {
    List<ClaimOutcome> outcomes = new ArrayList<>();
    store.submit(
        new Claim(ClaimLoop.key(number), new ClaimToken(7, 7), lease, ClaimLoop.HOUR, null),
        System.currentTimeMillis() * 1_000_000,
        outcomes::add);
    store.flush();
    while (store.isWaiting()) {
      wakes.take();
      store.collect();
    }
    return outcomes.getFirst();
  }

  private Path file() {
    return directory.resolve("claims.db");
  }
}
