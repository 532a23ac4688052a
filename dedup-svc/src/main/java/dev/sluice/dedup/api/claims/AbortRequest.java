package dev.sluice.dedup.api.claims;

import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * Gives a claim up.
 *
 * @param token of the owner
 */
record AbortRequest(@NotNull @Nullable String token) {}
