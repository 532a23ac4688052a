package dev.sluice.dedup.api;

import dev.sluice.dedup.process.Decision;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is known of a key.
 *
 * @param key which
 * @param seen how often it was seen within the window
 * @param firstSeenAt when the window began
 * @param expiresAt when the window ends
 */
@Schema(name = "DedupPeekAnswer")
public record PeekAnswer(
    String key,
    @Schema(description = "How often within the window", examples = "1") long seen,
    @Schema(description = "When the window began") Instant firstSeenAt,
    @Schema(description = "When the window ends: whoever comes then is the first again")
        Instant expiresAt) {

  static PeekAnswer of(String key, Decision.Sighting sighting) {
    return new PeekAnswer(key, sighting.seen(), sighting.firstSeenAt(), sighting.expiresAt());
  }
}
