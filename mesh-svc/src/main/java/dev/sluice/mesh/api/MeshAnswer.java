package dev.sluice.mesh.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The owner's reply.
 *
 * @param shard the key's shard
 * @param worker the shard's owner
 * @param epoch of its ownership
 * @param reply JSON
 */
@Schema(name = "MeshAnswer")
public record MeshAnswer(
    String id,
    String key,
    String op,
    int shard,
    String worker,
    long epoch,
    @JsonRawValue @Schema(implementation = Object.class) String reply) {}
