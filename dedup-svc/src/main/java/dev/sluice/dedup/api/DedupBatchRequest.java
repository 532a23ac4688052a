package dev.sluice.dedup.api;

import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks of several keys whether each is seen for the first time, and marks them seen. What is said
 * of all need not be said of each.
 *
 * @param requests what is asked of each key; of the same key twice, the earlier is seen earlier
 * @param namespace of those that name none
 * @param ttl of those that name none
 * @param extend of those that do not say
 */
@Schema(name = "DedupBatchRequest")
public record DedupBatchRequest(
    @Schema(required = true, minItems = 1, description = "1 to 1,000")
        @Nullable List<@Nullable Item> requests,
    @Schema(
            description = "Whose keys those are that name no namespace",
            defaultValue = DedupRequest.DEFAULT_NAMESPACE,
            examples = "orders")
        @Nullable String namespace,
    @Schema(
            implementation = String.class,
            description = "The window of those that name none",
            examples = "10m")
        @Nullable Duration ttl,
    @Schema(
            description = "Whether the windows slide of those that do not say",
            defaultValue = "false")
        @Nullable Boolean extend) {

  /**
   * What is asked of one key.
   *
   * @param key what is seen
   * @param ttl as in {@link DedupRequest}; required when the batch has none
   * @param namespace as in {@link DedupRequest}; default the batch's
   * @param extend as in {@link DedupRequest}; default the batch's
   */
  @Schema(name = "DedupBatchItem")
  public record Item(
      @Schema(required = true, examples = "evt-1") @Nullable String key,
      @Schema(implementation = String.class, examples = "10m") @Nullable Duration ttl,
      @Schema(examples = "orders") @Nullable String namespace,
      @Nullable Boolean extend) {}
}
