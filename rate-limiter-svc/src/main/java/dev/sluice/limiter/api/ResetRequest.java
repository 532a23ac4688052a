package dev.sluice.limiter.api;

import dev.sluice.service.Key;
import jakarta.validation.Valid;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Names a key under a limit.
 *
 * @param key what is limited
 * @param policy a configured limit's name; or {@code limit}
 * @param limit the terms; or {@code policy}
 */
@Schema(name = "ResetRequest")
public record ResetRequest(
    @Key @Schema(examples = "user:42") String key,
    @Schema(description = "A configured limit; or give one in limit") @Nullable String policy,
    @Valid @Schema(description = "A limit; or name one in policy")
        AcquireRequest.@Nullable Limit limit)
    implements PermitsRequest {

  @Override
  public @Nullable Long permits() {
    return null;
  }
}
