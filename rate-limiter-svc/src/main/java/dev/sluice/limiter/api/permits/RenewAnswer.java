package dev.sluice.limiter.api.permits;

import dev.sluice.limiter.process.permits.LeaseDecision;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The lease lasts on.
 *
 * @param lease what it is called, as before
 * @param fence as it was granted
 * @param key what is limited
 * @param permits how many it has
 * @param expiresAt when it runs out now
 */
@Schema(name = "RenewAnswer")
public record RenewAnswer(String lease, long fence, String key, long permits, Instant expiresAt) {

  static RenewAnswer of(String lease, LeaseDecision.Renewed renewed) {
    return new RenewAnswer(
        lease, renewed.fence(), renewed.key(), renewed.permits(), renewed.expiresAt());
  }
}
