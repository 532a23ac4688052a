/**
 * What a job is, and where unfinished jobs are kept while the service does not run: the port {@link
 * dev.sluice.pool.store.JobStore} and one adapter an engine.
 */
@NullMarked
package dev.sluice.pool.store;

import org.jspecify.annotations.NullMarked;
