package dev.sluice.limiter.api;

import org.jspecify.annotations.Nullable;

/** What every request about permits has in common. */
interface PermitsRequest {
  /** What is limited. */
  String key();

  /** How many; null: one. */
  @Nullable Long permits();

  /** A configured limit's name; or {@link #limit}. */
  @Nullable String policy();

  /** The terms; or {@link #policy}. */
  AcquireRequest.@Nullable Limit limit();
}
