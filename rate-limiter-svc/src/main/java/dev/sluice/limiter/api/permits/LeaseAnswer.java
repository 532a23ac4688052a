package dev.sluice.limiter.api.permits;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.limiter.api.Millis;
import dev.sluice.limiter.process.permits.LeaseAsk;
import dev.sluice.limiter.process.permits.LeaseDecision;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The lease is the caller's.
 *
 * @param lease what to renew and to release it by
 * @param fence grows with each lease of the key; absent when the engine does not answer and the
 *     policy grants nevertheless
 * @param key what is limited
 * @param permits how many it has
 * @param limit how many may be out
 * @param remaining how many of them are not
 * @param expiresAt when it runs out if it is not renewed
 * @param waited how long the call has waited for it
 */
@Schema(name = "LeaseAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LeaseAnswer(
    String lease,
    @Nullable Long fence,
    String key,
    long permits,
    long limit,
    long remaining,
    Instant expiresAt,
    @Schema(implementation = String.class, examples = "0s") Duration waited) {

  static LeaseAnswer of(LeaseAsk ask, LeaseDecision.Granted granted) {
    return new LeaseAnswer(
        granted.lease(),
        granted.fence(),
        ask.key(),
        ask.permits(),
        granted.limit(),
        granted.remaining(),
        granted.expiresAt(),
        Millis.roundedUp(granted.waited()));
  }
}
