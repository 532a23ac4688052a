package dev.sluice.limiter.api.permits;

import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Lets a lease last on.
 *
 * @param ttl how long from now on; default as long as it was to last so far
 */
@Schema(name = "RenewRequest")
public record RenewRequest(
    @Schema(implementation = String.class, examples = "30s") @Nullable Duration ttl) {
  static final RenewRequest AS_BEFORE = new RenewRequest(null);
}
