package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Quota;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The permits are the caller's.
 *
 * @param granted true; a refusal is a problem
 * @param key what is limited
 * @param permits how many were granted
 * @param limit the most permits at once
 * @param remaining how many are left
 * @param waited how long the call has waited for them
 * @param resetAfter when all permits are there again if nobody asks
 * @param uncounted why it was granted though it was not counted; absent when it was
 * @param quota the limit's terms, for the headers
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
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Uncounted uncounted,
    @JsonIgnore Quota quota)
    implements AcquireBatchAnswer.Result {

  /** Why permits were granted that could not be taken. */
  public enum Uncounted {
    /** The policy is a shadow: it never refuses. */
    SHADOW,
    /** The engine did not answer, and the policy then grants. */
    FAIL_OPEN
  }

  static AcquireAnswer of(Ask ask, Decision.Granted granted) {
    return new AcquireAnswer(
        true,
        ask.key(),
        ask.permits(),
        granted.quota().permits(),
        granted.remaining(),
        Millis.roundedUp(granted.waited()),
        Millis.roundedUp(granted.resetAfter()),
        switch (granted.why()) {
          case COUNTED -> null;
          case SHADOW -> Uncounted.SHADOW;
          case FAIL_OPEN -> Uncounted.FAIL_OPEN;
        },
        granted.quota());
  }
}
