package dev.sluice.dedup.api.claims;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.dedup.process.claims.ClaimDecision;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a key stands.
 *
 * @param state {@value #CLAIMED}: the caller does it; or {@value #COMPLETED}: it is done
 * @param id what to complete, to abort and to renew the claim by
 * @param token by which its owner is known; told once
 * @param fence greater than that of every earlier claim of the key
 * @param leaseExpiresAt when the claim runs out if it is not renewed
 * @param response what came of it, to whoever comes when it is done
 * @param expiresAt until when the key is remembered
 */
@Schema(name = "ClaimAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClaimAnswer(
    @Schema(enumeration = {CLAIMED, COMPLETED}) String state,
    @Nullable String id,
    @Nullable String token,
    @Nullable Long fence,
    @Nullable Instant leaseExpiresAt,
    @Nullable ResponseBody response,
    Instant expiresAt) {
  static final String CLAIMED = "claimed";
  static final String COMPLETED = "completed";

  static ClaimAnswer of(ClaimDecision.Claimed claimed) {
    return new ClaimAnswer(
        CLAIMED,
        claimed.id(),
        claimed.token(),
        claimed.fence(),
        claimed.leaseEnds(),
        null,
        claimed.expiresAt());
  }

  static ClaimAnswer of(String id, ClaimDecision.Renewed renewed) {
    return new ClaimAnswer(
        CLAIMED, id, null, renewed.fence(), renewed.leaseEnds(), null, renewed.expiresAt());
  }

  /** To who comes later. */
  static ClaimAnswer replay(ClaimDecision.Completed completed) {
    return new ClaimAnswer(
        COMPLETED,
        null,
        null,
        null,
        null,
        ResponseBody.of(completed.response()),
        completed.expiresAt());
  }

  /** To who has completed it. */
  static ClaimAnswer done(String id, ClaimDecision.Completed completed) {
    return new ClaimAnswer(COMPLETED, id, null, null, null, null, completed.expiresAt());
  }
}
