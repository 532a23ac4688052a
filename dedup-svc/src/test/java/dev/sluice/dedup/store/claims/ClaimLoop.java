package dev.sluice.dedup.store.claims;

import dev.sluice.dedup.store.SqliteFixture;
import dev.sluice.dedup.store.claims.ClaimOperation.Claim;
import dev.sluice.dedup.store.claims.ClaimOperation.Complete;
import dev.sluice.dedup.store.claims.ClaimOutcome.Claimed;
import dev.sluice.dedup.store.claims.ClaimOutcome.Completed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program that claims keys and completes them, many at a time, until it is killed. It says of
 * each when it has been told so: {@code claimed KEY FENCE} and {@code completed KEY}.
 */
public final class ClaimLoop {
  static final long HOUR = Duration.ofHours(1).toNanos();
  static final long LEASE = Duration.ofSeconds(1).toNanos();
  private static final int AT_ONCE = 50;

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final ClaimStore store;
  private int next;

  private ClaimLoop(SqliteFixture file, int first) {
    this.store = file.engine().claimStores(1_000_000, 1_000_000_000).open(0, () -> wakes.add(true));
    this.next = first;
  }

  /**
   * Runs it.
   *
   * @param arguments the file, and the number of the first key
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (var file = new SqliteFixture(Path.of(arguments[0]))) {
      new ClaimLoop(file, Integer.parseInt(arguments[1])).run();
    }
  }

  static ClaimKey key(int number) {
    return ClaimStoreContract.key("payments", "k" + number);
  }

  static ClaimToken token(int number) {
    return new ClaimToken(number, number);
  }

  static StoredResponse response(int number) {
    return ClaimStoreContract.response(201, "{\"id\":" + number + "}");
  }

  private void run() throws InterruptedException {
    for (int i = 0; i < AT_ONCE; i++) {
      claim();
    }
    while (true) {
      store.flush();
      wakes.take();
      store.collect();
    }
  }

  private void claim() {
    int number = next++;
    store.submit(
        new Claim(key(number), token(number), LEASE, HOUR, null),
        now(),
        outcome -> {
          if (outcome instanceof Claimed claimed) {
            System.out.println("claimed " + number + " " + claimed.fence());
            complete(number);
          } else {
            throw new IllegalStateException("of " + number + ": " + outcome);
          }
        });
  }

  private void complete(int number) {
    store.submit(
        new Complete(key(number), token(number), response(number)),
        now(),
        outcome -> {
          if (outcome instanceof Completed) {
            System.out.println("completed " + number);
          } // or its lease has run out on a slow machine
          claim();
        });
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000_000;
  }
}
