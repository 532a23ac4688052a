package dev.sluice.dedup.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How many keys a namespace has.
 *
 * @param namespace which
 * @param keys how many, those included whose window has ended but that are not swept yet
 */
@Schema(name = "DedupCountAnswer")
public record CountAnswer(
    String namespace,
    @Schema(
            description =
                "How many, those included whose window has ended but that are not swept yet",
            examples = "1200")
        long keys) {}
