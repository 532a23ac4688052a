package dev.sluice.limiter.process.permits;

import dev.sluice.limiter.process.Invalid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is answered to those who want, have or look at leases. */
public sealed interface LeaseDecision {

  /**
   * The lease is the caller's.
   *
   * @param lease what it is called from now on
   * @param fence grows with each lease of the key; null when the engine does not answer and the
   *     policy grants nevertheless: nobody knows of the lease then
   * @param limit how many permits may be out
   * @param remaining how many of them are not
   * @param expiresAt when it runs out if it is not renewed
   * @param waited how long the caller has waited for it
   */
  record Granted(
      String lease,
      @Nullable Long fence,
      long limit,
      long remaining,
      Instant expiresAt,
      Duration waited)
      implements LeaseDecision {}

  /**
   * The permits are not to be had within the time the caller would wait.
   *
   * @param limit how many permits may be out
   * @param remaining how many of them are not, though not for this caller
   * @param retryAfter when the next lease runs out; zero when there is none
   */
  record Refused(long limit, long remaining, Duration retryAfter) implements LeaseDecision {}

  /**
   * The lease lasts on.
   *
   * @param key what is limited
   * @param permits how many it has
   * @param fence as it was granted
   * @param expiresAt when it runs out now
   */
  record Renewed(String key, long permits, long fence, Instant expiresAt)
      implements LeaseDecision {}

  /** The lease has ended, and its permits are for others. */
  record Released() implements LeaseDecision {}

  /** There is no such lease: there never was, or it has ended. Nothing brings it back. */
  record Unknown() implements LeaseDecision {}

  /**
   * How things stand.
   *
   * @param limit how many permits may be out; null when it was not said
   * @param out how many are
   * @param leases how many leases they are
   * @param waiting how many callers wait at this instance
   * @param holders who has leases, those that run out next first; not all when there are many
   */
  record Held(@Nullable Long limit, long out, long leases, int waiting, List<Holder> holders)
      implements LeaseDecision {}

  /**
   * Who has a lease.
   *
   * @param holder in the holder's own words; null when it has not said
   * @param permits how many it has
   * @param fence as it was granted
   * @param since when it was granted
   * @param expiresAt when it runs out if it is not renewed
   */
  record Holder(
      @Nullable String holder, long permits, long fence, Instant since, Instant expiresAt) {}

  /**
   * Nothing was decided: what was asked is not possible.
   *
   * @param field which part of it
   * @param value what it is; null when it is missing
   * @param allowed what it may be
   */
  record NotPossible(String field, @Nullable Object value, String allowed)
      implements LeaseDecision {
    static NotPossible of(Invalid invalid) {
      return new NotPossible(invalid.field(), invalid.value(), invalid.allowed());
    }
  }

  /**
   * Nothing was decided: the lease would be one too many.
   *
   * @param reason what is full
   * @param roomIn how long until the next lease runs out
   */
  record StoreFull(String reason, Duration roomIn) implements LeaseDecision {}

  /**
   * Nobody knows: the engine does not answer.
   *
   * @param reason what its client says
   * @param retryAfter when it is asked again
   */
  record StoreUnavailable(String reason, Duration retryAfter) implements LeaseDecision {}

  /**
   * Nothing was decided: there is no room for the request now.
   *
   * @param reason of what there is too much
   */
  record NoRoom(String reason) implements LeaseDecision {}
}
