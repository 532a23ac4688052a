/**
 * Where idempotency claims are kept: the port {@link dev.sluice.dedup.store.claims.ClaimStore} and
 * one adapter an engine.
 */
@NullMarked
package dev.sluice.dedup.store.claims;

import org.jspecify.annotations.NullMarked;
