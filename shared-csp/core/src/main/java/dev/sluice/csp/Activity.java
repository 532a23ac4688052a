package dev.sluice.csp;

import java.util.List;

/** What a process, or a thread that has opened a scope, does at one moment. */
public sealed interface Activity {

  /** It does not wait. */
  record Runs() implements Activity {}

  /**
   * It waits for the first of several communications.
   *
   * @param on what it waits for: one for a plain send or receive, one for each case of a select
   *     that is not switched off, so none when all are
   * @param limited whether a time limit or an {@link Select#after} case ends the wait
   */
  record Communicates(List<Wait> on, boolean limited) implements Activity {}

  /**
   * It waits until all processes of a scope have ended.
   *
   * @param scope the scope's name
   */
  record Joins(String scope) implements Activity {}

  /**
   * It waits for something that is none of this library's channels or scopes.
   *
   * @param what for people to read, such as {@code CompletableFuture}
   */
  record WaitsElsewhere(String what) implements Activity {}

  /**
   * One communication that is waited for.
   *
   * @param direction which way
   * @param channel on what
   */
  record Wait(Direction direction, ChannelSnapshot channel) {}

  /** Which way a value would go. */
  enum Direction {
    /** Into the channel. */
    SEND,
    /** Out of the channel. */
    RECEIVE
  }
}
