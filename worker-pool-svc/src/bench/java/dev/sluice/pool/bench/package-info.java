/**
 * Measures the worker pool ({@code ./sluice bench pool}). Not part of the service: built by the
 * profile {@code bench} only.
 */
@NullMarked
package dev.sluice.pool.bench;

import org.jspecify.annotations.NullMarked;
