package dev.sluice.dedup.api;

import dev.sluice.dedup.process.Decision;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Whether the key was seen for the first time.
 *
 * @param first whether nobody was before the caller within the window
 * @param key what is seen
 * @param seen how often within the window, this time included
 * @param firstSeenAt when the window began
 * @param expiresAt when the window ends: whoever comes then is the first again
 */
@Schema(name = "DedupAnswer")
public record DedupAnswer(
    @Schema(description = "True for exactly one caller within the window") boolean first,
    String key,
    @Schema(description = "How often within the window, this time included", examples = "1")
        long seen,
    @Schema(description = "When the window began") Instant firstSeenAt,
    @Schema(description = "When the window ends: whoever comes then is the first again")
        Instant expiresAt)
    implements DedupBatchAnswer.Result {

  static DedupAnswer of(String key, Decision.Sighting sighting) {
    return new DedupAnswer(
        sighting.first(), key, sighting.seen(), sighting.firstSeenAt(), sighting.expiresAt());
  }
}
