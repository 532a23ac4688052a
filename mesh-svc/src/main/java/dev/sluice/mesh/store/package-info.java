/**
 * Where a worker keeps what it knows of a shard: the port {@link dev.sluice.mesh.store.ShardStore}
 * and one adapter an engine. {@link dev.sluice.mesh.model.ShardState} is the same as a message, for
 * a shard that moves.
 */
@NullMarked
package dev.sluice.mesh.store;

import org.jspecify.annotations.NullMarked;
