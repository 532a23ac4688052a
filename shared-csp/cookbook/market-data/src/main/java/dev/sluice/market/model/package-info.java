/**
 * The words of the market-data pipeline: what travels through it, what its stages count, and what
 * one sees of it. Immutable, all of it.
 *
 * <pre>
 *   RawTick --> Tick --> Bar
 *      Probe ------->           goes with them and carries each stage's Count
 * </pre>
 */
@NullMarked
package dev.sluice.market.model;

import org.jspecify.annotations.NullMarked;
