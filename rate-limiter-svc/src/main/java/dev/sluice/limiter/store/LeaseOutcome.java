package dev.sluice.limiter.store;

import java.util.List;

/** What became of a {@link LeaseOperation}. */
public sealed interface LeaseOutcome permits Outcome.Failure, LeaseOutcome.Done {

  /** It was carried out. */
  sealed interface Done extends LeaseOutcome {}

  /**
   * The lease is the caller's.
   *
   * @param lease what was granted
   * @param out how many permits are out now, with these
   */
  record Granted(Lease lease, long out) implements Done {}

  /**
   * The permits are not there.
   *
   * @param out how many permits are out
   * @param retryAfter nanoseconds until the next lease runs out; 0 when there is none
   */
  record Refused(long out, long retryAfter) implements Done {}

  /**
   * The lease lasts on.
   *
   * @param lease as it is now
   */
  record Renewed(Lease lease) implements Done {}

  /**
   * The lease has ended.
   *
   * @param permits how many have come back
   */
  record Released(long permits) implements Done {}

  /** There is no such lease: there never was, or it has ended. */
  record Unknown() implements Done {}

  /**
   * How things stand.
   *
   * @param out how many permits are out
   * @param leases how many leases they are
   * @param retryAfter nanoseconds until the next lease runs out; 0 when there is none
   * @param first as many leases as were asked for, those that run out next first
   */
  record Held(long out, long leases, long retryAfter, List<Lease> first) implements Done {}
}
