/**
 * Where jobs are kept: the port, {@link dev.sluice.pool.store.JobStore} with what can be asked of
 * it ({@link dev.sluice.pool.store.Jobs}), and its engines.
 */
@NullMarked
package dev.sluice.pool.store;

import org.jspecify.annotations.NullMarked;
