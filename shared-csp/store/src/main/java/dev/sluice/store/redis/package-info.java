/**
 * How the services' stores use Redis or Valkey: a server, the master that Sentinels tell of, or a
 * cluster. A store puts each operation as a call of a script, which is one step there and goes by
 * the server's time; its process owns the ways there, and sends a batch as one pipeline to each
 * node.
 *
 * <pre>
 *   store -- submit --&gt; RedisLanes --&gt; RedisLane of the node that keeps the key -- flush --&gt; Redis
 *     ^                                                                            &lt;- collect -
 *     +-- answered, or failed --+
 * </pre>
 *
 * <p>What comes back on a thread of the client is a future that completes, and a call of {@code
 * wake}: nothing else is touched there. The process takes the completed futures off when it
 * collects.
 *
 * <p>The client (Lettuce) is an optional dependency: a service that uses this declares it.
 */
@NullMarked
package dev.sluice.store.redis;

import org.jspecify.annotations.NullMarked;
