/**
 * Where ticks come from. Each source is one process, which sends lines and, between them, probes;
 * those that make or replay ticks go in step by one market clock, so that backpressure slows the
 * time of all of them alike.
 *
 * <pre>
 *   generator --\      Feed
 *   replay ------+--> lines, probes --> [ingest of the source]
 *   TCP --------/
 *      ^ steps
 *   MarketClock
 * </pre>
 */
@NullMarked
package dev.sluice.market.source;

import org.jspecify.annotations.NullMarked;
