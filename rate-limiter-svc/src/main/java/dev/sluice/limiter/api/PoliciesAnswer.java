package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.limiter.process.Algorithm;
import dev.sluice.limiter.process.Policies;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Terms;
import dev.sluice.limiter.process.reload.ConfigState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the policies stand.
 *
 * @param loadedAt since when they are in force
 * @param policies those in force, by name
 * @param refused why the files as they are now are not in force; absent when they are
 */
@Schema(name = "PoliciesAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PoliciesAnswer(
    Instant loadedAt, List<PolicyState> policies, @Nullable Refused refused) {

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

  /** What is wrong, and where; line 0 stands for the file as a whole. */
  @Schema(name = "RefusedPolicies")
  public record Refused(String file, int line, String reason, Instant at) {}

  static PoliciesAnswer of(ConfigState<Policies> state) {
    ConfigState.Refusal refusal = state.refusal();
    return new PoliciesAnswer(
        state.loadedAt(),
        state.config().byName().values().stream().map(PoliciesAnswer::policy).toList(),
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
        policy.keys() == null ? null : Objects.requireNonNull(policy.keys()).text(),
        policy.whenEngineFails());
  }
}
