package dev.sluice.market.stage;

import dev.sluice.market.model.Count;
import java.util.function.ToIntFunction;

/** What a process that was cancelled had in its hands. */
final class Rest {
  private Rest() {}

  /**
   * Counts it as held; nothing is left when the process was not cancelled. The first of the rest,
   * if it is a tick, has been counted in already: its sending was broken off.
   *
   * @param sourceOf the source of a tick, -1 of what is none
   */
  static <T> Count count(Tally tally, Batch<T> batch, ToIntFunction<T> sourceOf) {
    long held = 0;
    boolean first = true;
    for (T value : batch.rest()) {
      int source = sourceOf.applyAsInt(value);
      if (source >= 0) {
        held++;
        if (!first) {
          tally.in(source);
        }
      }
      first = false;
    }
    return tally.total(held);
  }
}
