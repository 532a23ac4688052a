package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Quota;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The permits are the caller's.
 *
 * @param granted always true; a refusal is a problem
 * @param key what is limited
 * @param permits how many were granted
 * @param limit the burst
 * @param remaining how many are left
 * @param waited how long the call has waited for them
 * @param resetAfter when the bucket is full again if nobody asks
 * @param quota the bucket's terms, for the headers
 */
@Schema(name = "AcquireAnswer")
public record AcquireAnswer(
    boolean granted,
    String key,
    long permits,
    long limit,
    long remaining,
    @Schema(implementation = String.class, examples = "0s") Duration waited,
    @Schema(implementation = String.class, examples = "10ms") Duration resetAfter,
    @JsonIgnore Quota quota) {

  static AcquireAnswer of(String key, long permits, Decision.Granted granted) {
    return new AcquireAnswer(
        true,
        key,
        permits,
        granted.quota().permits(),
        granted.remaining(),
        granted.waited(),
        granted.resetAfter(),
        granted.quota());
  }
}
