/**
 * Where permits are counted: the port {@link dev.sluice.limiter.store.LimitStore}, what travels
 * through it, and one adapter an engine. The port has one question, an {@link
 * dev.sluice.limiter.store.Operation} on one key, and one answer, an {@link
 * dev.sluice.limiter.store.Outcome}.
 *
 * <p>{@link dev.sluice.limiter.store.MemoryLimitStore} answers within the call: the shard's process
 * owns the counts themselves. An engine elsewhere, such as Redis, is asked by the same process,
 * which then owns only what is local: lines of waiters, what is under way, a cache of refusals. Its
 * adapter puts each operation as one call of a script whose key is {@code {policy|key}} with the
 * limit's terms, the kind and the permits as arguments, which goes by the server's time and sets
 * the TTL to {@code resetAfter}; how it goes there and back is in {@link dev.sluice.store.redis}.
 *
 * <p>Envoy's hits are counted behind a second port, {@link
 * dev.sluice.limiter.store.WindowCounters}, in the same way and over the same kind of lanes to
 * Redis.
 */
@NullMarked
package dev.sluice.limiter.store;

import org.jspecify.annotations.NullMarked;
