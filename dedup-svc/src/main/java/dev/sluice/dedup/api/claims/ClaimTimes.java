package dev.sluice.dedup.api.claims;

import dev.sluice.dedup.process.claims.ClaimSettings;
import dev.sluice.dedup.process.claims.Claims;
import dev.sluice.service.FieldError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a claim lasts and is remembered. What is not said is as usual, but never in the way of
 * what is said.
 *
 * @param lease how long it lasts
 * @param ttl how long it is remembered
 */
record ClaimTimes(Duration lease, Duration ttl) {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration TTL = Duration.ofHours(24);

  static ClaimTimes of(ClaimRequest request, Claims claims) {
    Duration lease = lease(request.lease(), claims);
    Duration ttl = request.ttl();
    if (ttl == null) {
      return new ClaimTimes(lease, shorter(longer(TTL, lease), claims.maxTtl()));
    }
    return new ClaimTimes(request.lease() == null ? shorter(lease, ttl) : lease, ttl);
  }

  static Duration lease(@Nullable Duration lease, Claims claims) {
    return lease == null ? shorter(LEASE, claims.maxLease()) : lease;
  }

  static List<FieldError> errors(ClaimRequest request, Claims claims) {
    var errors = new ArrayList<>(leaseErrors(request.lease(), claims));
    Duration least =
        request.lease() == null || !errors.isEmpty() ? ClaimSettings.MIN_LEASE : request.lease();
    FieldError.outOfRange("ttl", request.ttl(), least, claims.maxTtl()).ifPresent(errors::add);
    return errors;
  }

  static List<FieldError> leaseErrors(@Nullable Duration lease, Claims claims) {
    return FieldError.outOfRange("lease", lease, ClaimSettings.MIN_LEASE, claims.maxLease())
        .stream()
        .toList();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
