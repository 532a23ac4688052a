package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.limiter.process.Algorithm;
import dev.sluice.limiter.process.KeyPattern;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Terms;
import dev.sluice.limiter.process.permits.LeasePolicy;
import dev.sluice.limiter.process.policies.NamedPolicies;
import dev.sluice.limiter.process.reload.ConfigState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the policies stand.
 *
 * @param loadedAt since when they are in force
 * @param policies those of rates in force, by name
 * @param permits those of permits in force, by name
 * @param refused why the files as they are now are not in force; absent when they are
 */
@Schema(name = "PoliciesAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PoliciesAnswer(
    Instant loadedAt,
    List<PolicyState> policies,
    List<PermitsPolicyState> permits,
    @Nullable Refused refused) {

  /** A policy, as a file has it. */
  @Schema(name = "Policy")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PolicyState(
      String name,
      Algorithm algorithm,
      long rate,
      @Schema(implementation = String.class, examples = "1s") @Nullable Duration per,
      @Nullable String unit,
      @Nullable Long burst,
      @Schema(implementation = String.class, examples = "10s") @Nullable Duration maxWait,
      boolean shadow,
      @Nullable String keys,
      Policy.WhenEngineFails whenEngineFails) {}

  /** A policy of permits, as a file has it. */
  @Schema(name = "PermitsPolicy")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PermitsPolicyState(
      String name,
      long permits,
      @Schema(implementation = String.class, examples = "5m") @Nullable Duration maxTtl,
      @Schema(implementation = String.class, examples = "10s") @Nullable Duration maxWait,
      @Nullable String keys,
      Policy.WhenEngineFails whenEngineFails) {}

  /** What is wrong, and where; line 0 stands for the file as a whole. */
  @Schema(name = "RefusedPolicies")
  public record Refused(String file, int line, String reason, Instant at) {}

  static PoliciesAnswer of(ConfigState<NamedPolicies> state) {
    ConfigState.Refusal refusal = state.refusal();
    return new PoliciesAnswer(
        state.loadedAt(),
        state.config().rates().byName().values().stream().map(PoliciesAnswer::policy).toList(),
        state.config().permits().values().stream().map(PoliciesAnswer::policy).toList(),
        refusal == null
            ? null
            : new Refused(refusal.file(), refusal.line(), refusal.reason(), refusal.at()));
  }

  private static PolicyState policy(Policy policy) {
    Terms terms = policy.terms();
    return new PolicyState(
        policy.name(),
        terms.algorithm(),
        terms.rate(),
        terms.per(),
        terms.unit(),
        terms.burst(),
        policy.maxWait(),
        policy.shadow(),
        text(policy.keys()),
        policy.whenEngineFails());
  }

  private static PermitsPolicyState policy(LeasePolicy policy) {
    return new PermitsPolicyState(
        policy.name(),
        policy.permits(),
        policy.maxTtl(),
        policy.maxWait(),
        text(policy.keys()),
        policy.whenEngineFails());
  }

  private static @Nullable String text(@Nullable KeyPattern keys) {
    return keys == null ? null : keys.text();
  }
}
