package dev.sluice.mesh.api.requests;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.service.json.JsonText;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks the owner of a key to run an operation.
 *
 * @param id makes a repetition safe; without one the request gets its own
 * @param key whose owner is asked; required
 * @param op which operation; required
 * @param payload any JSON; default null
 * @param maxWait how long to wait for the reply; default as configured; 0: until it is accepted
 * @param durable whether the router's log keeps it until it is answered; default true
 */
@Schema(
    name = "MeshRequest",
    requiredProperties = {"key", "op"})
public record MeshRequest(
    @Schema(examples = "r-1") @Nullable String id,
    @Schema(examples = "acct-7", minLength = 1, maxLength = 256) @Nullable String key,
    @Schema(examples = "echo", minLength = 1, maxLength = 256) @Nullable String op,
    @Schema(implementation = Object.class) @Nullable JsonText payload,
    @JsonProperty("wait") @Schema(implementation = String.class, defaultValue = "2s")
        @Nullable Duration maxWait,
    @Schema(defaultValue = "true") @Nullable Boolean durable) {}
