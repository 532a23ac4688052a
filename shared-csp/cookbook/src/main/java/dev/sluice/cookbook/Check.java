package dev.sluice.cookbook;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a program says of itself must be so, or it fails. */
final class Check {
  private Check() {}

  static void equal(@Nullable Object expected, @Nullable Object actual, String what) {
    if (!Objects.equals(expected, actual)) {
      throw new IllegalStateException(what + ": expected " + expected + ", was " + actual);
    }
  }

  static void that(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
