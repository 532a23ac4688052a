package dev.sluice.mesh.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.service.Key;
import dev.sluice.service.json.JsonText;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks the owner of a key to run an operation.
 *
 * @param id makes a repetition safe; without one the request gets its own
 * @param key whose owner is asked
 * @param op which operation
 * @param payload any JSON; default null
 * @param maxWait how long to wait for the reply; default as configured
 */
@Schema(name = "MeshRequest")
public record MeshRequest(
    @Schema(examples = "r-1") @Nullable String id,
    @Key @Schema(examples = "acct-7") String key,
    @NotNull @Schema(examples = "echo") String op,
    @Schema(implementation = Object.class) @Nullable JsonText payload,
    @JsonProperty("wait") @Schema(implementation = String.class, defaultValue = "2s")
        @Nullable Duration maxWait) {}
