/**
 * Where permits are counted: the port {@link dev.sluice.limiter.store.LimitStore}, what travels
 * through it, and one adapter an engine. The port has one question, an {@link
 * dev.sluice.limiter.store.Operation} on one key, and one answer, an {@link
 * dev.sluice.limiter.store.Outcome}.
 *
 * <p>{@link dev.sluice.limiter.store.MemoryLimitStore} answers within the call: the shard's process
 * owns the counts themselves. An engine elsewhere, such as Redis, is asked by the same process,
 * which then owns only what is local: lines of waiters, what is under way, a cache of refusals. Its
 * adapter
 *
 * <ul>
 *   <li>adds each submitted operation to the batch: one call of a script whose key is {@code
 *       {policy|key}} with the limit's terms, the kind and the permits as arguments, which goes by
 *       the server's time and sets the TTL to {@code resetAfter};
 *   <li>sends the batch as one pipeline at {@code flush}, and keeps the future of its answers in a
 *       queue with the consumers; when the future completes, on whatever thread, it calls {@code
 *       wake} and touches nothing else;
 *   <li>takes the completed futures off the queue's head at {@code collect} and hands their answers
 *       over, {@code Unavailable} for those that failed. The future is what carries the answers
 *       from one thread to the other.
 * </ul>
 *
 * <p>Envoy's hits are counted behind a second port, {@link
 * dev.sluice.limiter.store.WindowCounters}, in the same way and over the same kind of lanes to
 * Redis.
 */
@NullMarked
package dev.sluice.limiter.store;

import org.jspecify.annotations.NullMarked;
