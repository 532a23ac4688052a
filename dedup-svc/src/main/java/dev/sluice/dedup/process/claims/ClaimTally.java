package dev.sluice.dedup.process.claims;

import dev.sluice.dedup.store.claims.ClaimStore;

/** Counts what a shard has answered. */
final class ClaimTally {
  private long claimed;
  private long inProgress;
  private long replayed;
  private long mismatched;
  private long completed;
  private long aborted;
  private long lost;

  /** An answer to who wants the key. */
  void answered(ClaimDecision decision) {
    switch (decision) {
      case ClaimDecision.Claimed _ -> claimed++;
      case ClaimDecision.InProgress _ -> inProgress++;
      case ClaimDecision.Completed _ -> replayed++;
      case ClaimDecision.Mismatch _ -> mismatched++;
      case ClaimDecision.Renewed _,
          ClaimDecision.Aborted _,
          ClaimDecision.Lost _,
          ClaimDecision.Unknown _,
          ClaimDecision.StoreFull _,
          ClaimDecision.StoreUnavailable _,
          ClaimDecision.NoRoom _,
          ClaimDecision.Draining _ -> {} // the store and the channels tell of failures
    }
  }

  /** An answer to who has it. */
  void toldOwner(ClaimDecision decision) {
    switch (decision) {
      case ClaimDecision.Completed _ -> completed++;
      case ClaimDecision.Aborted _ -> aborted++;
      case ClaimDecision.Lost _ -> lost++;
      case ClaimDecision.Claimed _,
          ClaimDecision.InProgress _,
          ClaimDecision.Mismatch _,
          ClaimDecision.Renewed _,
          ClaimDecision.Unknown _,
          ClaimDecision.StoreFull _,
          ClaimDecision.StoreUnavailable _,
          ClaimDecision.NoRoom _,
          ClaimDecision.Draining _ -> {}
    }
  }

  ClaimCounts counts(long waiting, ClaimStore store) {
    return new ClaimCounts(
        waiting,
        claimed,
        inProgress,
        replayed,
        mismatched,
        completed,
        aborted,
        lost,
        store.entries(),
        store.bytes());
  }
}
