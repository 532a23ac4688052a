package dev.sluice.mesh.api.mesh;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Kills a worker.
 *
 * @param worker its name; required
 */
@Schema(name = "KillRequest", requiredProperties = "worker")
public record KillRequest(@Schema(examples = "worker-1") @Nullable String worker) {}
