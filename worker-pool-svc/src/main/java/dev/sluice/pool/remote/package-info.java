/**
 * The way out: calls of targets over HTTP, and what guards them.
 *
 * <pre>
 *   LeasedJob --&gt; HttpTarget --hop--&gt; TargetClient --name--&gt; HostLookup --&gt; connect
 *                    ^                     |                  (checks every address)
 *                    +---- redirect -------+
 * </pre>
 */
@NullMarked
package dev.sluice.pool.remote;

import org.jspecify.annotations.NullMarked;
