/**
 * What a stream lets through. Plain Java: a sieve belongs to whoever owns the stream, and is called
 * by nobody else.
 *
 * <pre>
 *   items --offer--&gt; Firsts   --seeAll--&gt; Deduplicator --&gt; pass (the first of each key)
 *   items --offer--&gt; Debounce (owns what is pending)   --&gt; pass (one of each burst)
 * </pre>
 */
@NullMarked
package dev.sluice.dedup.process.stream;

import org.jspecify.annotations.NullMarked;
