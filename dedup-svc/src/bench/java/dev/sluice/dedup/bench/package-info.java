/**
 * Measures the deduplicator beside endpoints that decide nothing, and beside Redis.
 *
 * @see dev.sluice.load
 */
@NullMarked
package dev.sluice.dedup.bench;

import org.jspecify.annotations.NullMarked;
