/**
 * Streams: of any length, in constant memory. What comes is read as long as there is room for it;
 * who does not read the answers is not read from.
 *
 * <pre>
 *   POST /dedup/stream --buffers--&gt; Lines --&gt; LineKey --&gt; Sieve --&gt; the lines that pass
 *   DedupStream (gRPC) --messages-------------------------&gt; Sieve --&gt; the items that pass
 * </pre>
 *
 * <p>Each stream belongs to the event loop that its connection is on.
 */
@NullMarked
package dev.sluice.dedup.api.stream;

import org.jspecify.annotations.NullMarked;
