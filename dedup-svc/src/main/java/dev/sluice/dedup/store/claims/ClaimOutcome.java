package dev.sluice.dedup.store.claims;

import dev.sluice.store.StoreFailure;

/**
 * What became of a {@link ClaimOperation}. Instants are nanoseconds since 1970, by the engine's
 * clock where nothing else is said.
 */
public sealed interface ClaimOutcome {

  /**
   * The key is the caller's; to {@link ClaimOperation.Claim} and {@link ClaimOperation.Renew}.
   *
   * @param fence greater than that of every earlier claim of this key; what the owner writes to may
   *     refuse a smaller one than it has seen. Less than 2^53, so that every JSON reader has it
   *     exactly
   * @param leaseEnds when the claim runs out
   * @param expiresAt until when the key is remembered
   */
  record Claimed(long fence, long leaseEnds, long expiresAt) implements ClaimOutcome {}

  /**
   * Somebody else has the key; to {@link ClaimOperation.Claim}.
   *
   * @param leaseEnds when their claim runs out if they do not renew it, by the shard's clock
   */
  record InProgress(long leaseEnds) implements ClaimOutcome {}

  /**
   * The key is done with; to {@link ClaimOperation.Claim}, and to {@link ClaimOperation.Complete},
   * which then has done it.
   *
   * @param response what to replay
   * @param expiresAt until when
   */
  record Completed(StoredResponse response, long expiresAt) implements ClaimOutcome {}

  /** The key is there, but came with another request; to {@link ClaimOperation.Claim}. */
  record OtherRequest() implements ClaimOutcome {}

  /** To {@link ClaimOperation.Abort}: nobody has the key any more. */
  record Aborted() implements ClaimOutcome {}

  /**
   * The token is not that of the present claim: its lease has run out, or it was aborted or
   * completed; to all but {@link ClaimOperation.Claim}. Nothing was changed.
   */
  record Lost() implements ClaimOutcome {}

  /**
   * It was not carried out, as far as anybody knows.
   *
   * @param why what was in the way
   */
  record Failed(StoreFailure why) implements ClaimOutcome {}
}
