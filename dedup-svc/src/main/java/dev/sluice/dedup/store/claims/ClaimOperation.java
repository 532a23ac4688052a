package dev.sluice.dedup.store.claims;

import org.jspecify.annotations.Nullable;

/** What a {@link ClaimStore} can be asked. Times are in nanoseconds. */
public sealed interface ClaimOperation {

  /** Of which key. */
  ClaimKey key();

  /**
   * Claims the key if nobody has it: it was never claimed, its claim was aborted, the lease of its
   * owner has run out, or its {@code ttl} has.
   *
   * @param key which
   * @param token what the claim is known by if it is granted
   * @param lease how long the claim lasts if it is not renewed; more than 0
   * @param ttl for how long from now on the key is remembered, done with or not; no less than
   *     {@code lease}
   * @param request stands for the request that the key came with; null: not said. It is compared
   *     with that of the claim or the response that is there, when both are said
   */
  record Claim(ClaimKey key, ClaimToken token, long lease, long ttl, @Nullable String request)
      implements ClaimOperation {}

  /**
   * Ends the claim with the response to replay until the {@code ttl} of the claim has passed. Done
   * once more with the same token and an equal response it changes nothing and succeeds, so that it
   * may be repeated when its answer was lost.
   */
  record Complete(ClaimKey key, ClaimToken token, StoredResponse response)
      implements ClaimOperation {}

  /** Ends the claim as if it had never been. */
  record Abort(ClaimKey key, ClaimToken token) implements ClaimOperation {}

  /**
   * Makes the claim last that long from now on; the key is remembered at least as long, also when
   * that is longer than its {@code ttl}.
   */
  record Renew(ClaimKey key, ClaimToken token, long lease) implements ClaimOperation {}
}
