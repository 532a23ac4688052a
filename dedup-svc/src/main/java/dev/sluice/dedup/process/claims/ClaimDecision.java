package dev.sluice.dedup.process.claims;

import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;

/** What is answered to those who want, have or end a claim. */
public sealed interface ClaimDecision {

  /**
   * The key is the caller's, to do what it stands for.
   *
   * @param id what the key is called from now on
   * @param token by which the owner is known: 32 hexadecimal digits
   * @param fence greater than that of every earlier claim of the key
   * @param leaseEnds when the claim runs out if it is not renewed
   * @param expiresAt until when the key is remembered
   */
  record Claimed(String id, String token, long fence, Instant leaseEnds, Instant expiresAt)
      implements ClaimDecision {}

  /**
   * Somebody else has the key, and had it as long as the caller would wait.
   *
   * @param retryAfter how long until their claim runs out if they do not renew it
   */
  record InProgress(Duration retryAfter) implements ClaimDecision {}

  /**
   * It is done.
   *
   * @param response what came of it
   * @param expiresAt until when the key is remembered
   */
  record Completed(Response response, Instant expiresAt) implements ClaimDecision {}

  /** The key has come with another request before. */
  record Mismatch() implements ClaimDecision {}

  /**
   * The claim lasts on.
   *
   * @param fence as it was granted
   * @param leaseEnds when it runs out now
   * @param expiresAt until when the key is remembered
   */
  record Renewed(long fence, Instant leaseEnds, Instant expiresAt) implements ClaimDecision {}

  /** The claim is given up: who comes next has the key. */
  record Aborted() implements ClaimDecision {}

  /** The claim is no longer the caller's: its lease has run out, or it has been ended. */
  record Lost() implements ClaimDecision {}

  /** There is no claim of that name, and never was. */
  record Unknown() implements ClaimDecision {}

  /**
   * Nothing was done: there is no room.
   *
   * @param reason what is full
   * @param roomIn how long until there may be room
   */
  record StoreFull(String reason, Duration roomIn) implements ClaimDecision {}

  /**
   * Nobody knows: the engine does not answer.
   *
   * @param reason what its client says
   * @param retryAfter when it is asked again
   */
  record StoreUnavailable(String reason, Duration retryAfter) implements ClaimDecision {}

  /**
   * Nothing was done: there is no room for the request now.
   *
   * @param reason of what there is too much
   */
  record NoRoom(String reason) implements ClaimDecision {}

  /** Nothing was done: no more claims are granted, the service ends. */
  record Draining() implements ClaimDecision {}

  /** Says why the store has not done it. */
  static ClaimDecision of(StoreFailure why) {
    return switch (why) {
      case StoreFailure.Full(String reason, Duration roomIn) -> new StoreFull(reason, roomIn);
      case StoreFailure.Busy(String reason) -> new NoRoom(reason);
      case StoreFailure.Unavailable(String reason, Duration retryAfter) ->
          new StoreUnavailable(reason, retryAfter);
    };
  }
}
