/**
 * Idempotency claims: one caller at a time does what a key stands for, and what came of it is
 * replayed to all who come later. Plain Java on channels: no framework.
 *
 * <pre>
 *   Claims.claim --> [inbox] --> ClaimShard (owns the lines of those who wait) --> Reply
 * </pre>
 */
@NullMarked
package dev.sluice.dedup.process.claims;

import org.jspecify.annotations.NullMarked;
