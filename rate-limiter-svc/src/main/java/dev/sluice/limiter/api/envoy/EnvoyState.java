package dev.sluice.limiter.api.envoy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.limiter.process.envoy.RateLimit;
import dev.sluice.limiter.process.envoy.Rule;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.reload.ConfigState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the configuration stands, as {@code GET /envoy} tells it.
 *
 * @param loadedAt since when the rules are in force
 * @param domains whose rules there are
 * @param rules the rules in force
 * @param refused why the files as they are now are not in force; absent when they are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvoyState(
    Instant loadedAt, List<String> domains, List<RuleState> rules, @Nullable Refused refused) {

  /** A rule; without unit and number it is unlimited. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RuleState(
      String rule,
      @Nullable Long requestsPerUnit,
      @Nullable String unit,
      boolean shadowMode,
      boolean quotaMode) {}

  /** What is wrong, and where; line 0 stands for the file as a whole. */
  public record Refused(String file, int line, String reason, Instant at) {}

  static EnvoyState of(ConfigState<Rules> state) {
    ConfigState.Refusal refusal = state.refusal();
    return new EnvoyState(
        state.loadedAt(),
        state.config().domains(),
        state.config().rules().stream().map(EnvoyState::rule).toList(),
        refusal == null
            ? null
            : new Refused(refusal.file(), refusal.line(), refusal.reason(), refusal.at()));
  }

  private static RuleState rule(Rule rule) {
    RateLimit limit = rule.limit();
    return new RuleState(
        rule.name(),
        limit == null ? null : limit.requestsPerUnit(),
        limit == null ? null : limit.unit().name().toLowerCase(Locale.ROOT),
        rule.shadowMode(),
        rule.quotaMode());
  }
}
