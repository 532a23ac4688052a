package dev.sluice.bench;

/** What is sent: small integers, which the JDK keeps boxed, so that the values cost nothing. */
final class Values {
  private static final int KINDS = 128;

  private Values() {}

  /** The i-th value that a process sends. */
  static Integer value(int i) {
    return i & (KINDS - 1);
  }

  /** The sum of the first {@code count} values. */
  static long sum(int count) {
    long rounds = count / KINDS;
    long rest = count % KINDS;
    return rounds * KINDS * (KINDS - 1) / 2 + rest * (rest - 1) / 2;
  }
}
