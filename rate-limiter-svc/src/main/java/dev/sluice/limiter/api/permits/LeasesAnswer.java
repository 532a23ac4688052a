package dev.sluice.limiter.api.permits;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.limiter.process.permits.LeaseDecision;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How many permits of a key are out, and who has them.
 *
 * @param key of what
 * @param out how many permits are out
 * @param limit how many may be; absent when it was not said
 * @param remaining how many of them are not; absent with {@code limit}
 * @param waiting how many callers wait at this instance
 * @param leases how many leases are out
 * @param holders who has them, those that run out next first; the first 1,000
 */
@Schema(name = "LeasesAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LeasesAnswer(
    String key,
    long out,
    @Nullable Long limit,
    @Nullable Long remaining,
    int waiting,
    long leases,
    List<Holder> holders) {

  /**
   * Who has a lease. What it is called is not told: only its holder may renew and release it.
   *
   * @param holder in its own words; absent when it has not said
   * @param permits how many it has
   * @param fence as it was granted
   * @param since when it was granted
   * @param expiresAt when it runs out if it is not renewed
   */
  @Schema(name = "Holder")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Holder(
      @Nullable String holder, long permits, long fence, Instant since, Instant expiresAt) {

    private static Holder of(LeaseDecision.Holder holder) {
      return new Holder(
          holder.holder(), holder.permits(), holder.fence(), holder.since(), holder.expiresAt());
    }
  }

  static LeasesAnswer of(String key, LeaseDecision.Held held) {
    Long limit = held.limit();
    return new LeasesAnswer(
        key,
        held.out(),
        limit,
        limit == null ? null : Math.max(0, limit - held.out()),
        held.waiting(),
        held.leases(),
        held.holders().stream().map(Holder::of).toList());
  }
}
