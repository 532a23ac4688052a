package dev.sluice.cookbook;

import dev.sluice.csp.Scope;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;

/**
 * What a group of {@value #TASKS} tasks that return at once costs, started and waited for, by a
 * scope and by the JDK's. {@code errgroup_test.go} measures the same in Go; the README says how to
 * run both.
 */
final class GroupCost {
  private static final int TASKS = 100;
  private static final int GROUPS = 5_000;
  private static final int ROUNDS = 9;

  private interface Group {
    void run() throws InterruptedException;
  }

  private GroupCost() {}

  /** Prints the median of the rounds, after some to warm up. */
  public static void main(String[] args) throws InterruptedException {
    System.out.printf(
        Locale.ROOT, "Scope                %,6d ns a task%n", median(GroupCost::scope));
    System.out.printf(
        Locale.ROOT, "StructuredTaskScope  %,6d ns a task%n", median(GroupCost::jdks));
  }

  private static void scope() throws InterruptedException {
    try (var scope = Scope.open("group")) {
      for (int task = 0; task < TASKS; task++) {
        scope.start("task", () -> {});
      }
      scope.join();
    }
  }

  private static void jdks() throws InterruptedException {
    try (var scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow())) {
      for (int task = 0; task < TASKS; task++) {
        scope.fork(() -> {});
      }
      scope.join();
    }
  }

  private static long median(Group group) throws InterruptedException {
    long[] nanos = new long[ROUNDS];
    for (int round = -ROUNDS / 2; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < GROUPS; i++) {
        group.run();
      }
      nanos[Math.max(0, round)] = (System.nanoTime() - start) / GROUPS / TASKS;
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2];
  }
}
