/**
 * Channels measured side by side: Sluice, its peers, the queues of the JDK, and the bare park and
 * unpark below them all.
 *
 * <pre>
 *   *Bench (what JMH runs) --- Shape ---&gt; Contestant --- processes, channels ---&gt; values, summed
 *   results/*.json, go.txt ---&gt; Report ---&gt; channels.md, plots
 * </pre>
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
