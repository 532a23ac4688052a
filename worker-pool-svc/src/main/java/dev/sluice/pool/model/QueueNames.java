package dev.sluice.pool.model;

import org.jspecify.annotations.Nullable;

/** Where jobs go that name no queue. */
public final class QueueNames {
  /** Those with a target; a push queue unless it is configured otherwise. */
  public static final String PUSH = "push";

  /** Those without one. */
  public static final String PULL = "default";

  private QueueNames() {}

  /** The queue of a job. */
  public static String of(@Nullable String named, boolean hasTarget) {
    return named != null ? named : hasTarget ? PUSH : PULL;
  }
}
