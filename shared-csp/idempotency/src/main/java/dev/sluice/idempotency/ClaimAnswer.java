package dev.sluice.idempotency;

import org.jspecify.annotations.Nullable;

/** What dedup-svc says to a claim. */
sealed interface ClaimAnswer {

  /** The request is the first, and to be carried out. */
  record Claimed(String id, String token) implements ClaimAnswer {}

  /** It has been carried out. */
  record Completed(KeptResponse response) implements ClaimAnswer {}

  /** It is being carried out. */
  record InProgress(@Nullable String retryAfter) implements ClaimAnswer {}

  /** The key has come with another request. */
  record Mismatch() implements ClaimAnswer {}

  /** Nobody knows. */
  record Unavailable(String reason, @Nullable String retryAfter) implements ClaimAnswer {}
}
