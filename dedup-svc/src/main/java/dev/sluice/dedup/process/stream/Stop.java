package dev.sluice.dedup.process.stream;

import dev.sluice.dedup.process.Decision;
import java.util.List;

/**
 * Why a stream cannot go on.
 *
 * @param why what is in the way
 * @param undecided the numbers of the items, up to the last one answered, about which nothing is
 *     known; in order
 */
public record Stop(Why why, List<Long> undecided) {

  /** What is in the way. */
  public sealed interface Why {}

  /**
   * The engine failed: {@link Decision.StoreFull} or {@link Decision.StoreUnavailable}.
   *
   * @param decision as the deduplicator said it
   */
  public record Refused(Decision decision) implements Why {}

  /** The deduplicator takes no more requests. */
  public record Closed() implements Why {}

  /**
   * The deduplicator failed.
   *
   * @param failure how
   */
  public record Failed(Throwable failure) implements Why {}
}
