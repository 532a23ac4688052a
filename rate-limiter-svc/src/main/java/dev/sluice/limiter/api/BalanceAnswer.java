package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Quota;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How the permits of a key stand.
 *
 * @param key what is limited
 * @param permits how many were given back; 0 when none were to be
 * @param limit the most permits at once
 * @param remaining how many are there
 * @param retryAfter when as many as asked for can be had; zero when they are there
 * @param resetAfter when all are there again if nobody asks
 * @param quota the limit's terms, for the headers
 */
@Schema(name = "BalanceAnswer")
public record BalanceAnswer(
    String key,
    long permits,
    long limit,
    long remaining,
    @Schema(implementation = String.class, examples = "0s") Duration retryAfter,
    @Schema(implementation = String.class, examples = "10ms") Duration resetAfter,
    @JsonIgnore Quota quota) {

  static BalanceAnswer of(String key, Decision.Balance balance) {
    return new BalanceAnswer(
        key,
        balance.permits(),
        balance.quota().permits(),
        balance.remaining(),
        Millis.roundedUp(balance.retryAfter()),
        Millis.roundedUp(balance.resetAfter()),
        balance.quota());
  }
}
