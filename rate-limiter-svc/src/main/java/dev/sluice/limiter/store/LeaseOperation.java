package dev.sluice.limiter.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One operation on the leases of one key. */
public sealed interface LeaseOperation {

  /** Which key. */
  LeaseKey key();

  /**
   * Takes a lease if its permits are there, else nothing. Answered by {@link LeaseOutcome.Granted}
   * or {@link LeaseOutcome.Refused}.
   *
   * @param id what it will go by
   * @param permits how many; at least 1
   * @param limit how many may be out with these
   * @param ttl how long it lasts; more than zero
   * @param holder who wants it, in its own words; null when it does not say
   */
  record Acquire(
      LeaseKey key, LeaseId id, long permits, long limit, Duration ttl, @Nullable String holder)
      implements LeaseOperation {}

  /**
   * Lets a lease last from now on anew. Answered by {@link LeaseOutcome.Renewed} or {@link
   * LeaseOutcome.Unknown}.
   *
   * @param ttl how long; null: as long as it was to last so far
   */
  record Renew(LeaseKey key, LeaseId id, @Nullable Duration ttl) implements LeaseOperation {}

  /**
   * Ends a lease. Answered by {@link LeaseOutcome.Released} or {@link LeaseOutcome.Unknown}.
   *
   * @param id which
   */
  record Release(LeaseKey key, LeaseId id) implements LeaseOperation {}

  /**
   * Says how things stand. Answered by {@link LeaseOutcome.Held}.
   *
   * @param most how many leases to tell of; 0: none
   */
  record Look(LeaseKey key, int most) implements LeaseOperation {}
}
