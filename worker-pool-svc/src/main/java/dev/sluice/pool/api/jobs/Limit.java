package dev.sluice.pool.api.jobs;

import dev.sluice.service.ProblemException;
import org.jspecify.annotations.Nullable;

/** A whole number in a query, which is text. */
public final class Limit {
  private Limit() {}

  /**
   * Reads {@code limit}.
   *
   * @throws ProblemException invalid-input: it is not a whole number
   */
  public static @Nullable Integer parse(@Nullable String limit) {
    try {
      return limit == null ? null : Integer.valueOf(limit);
    } catch (NumberFormatException notOne) {
      throw ProblemException.invalid("limit", limit, "must be a whole number from 1 to 1000");
    }
  }
}
