/**
 * The edge: parses, checks, asks the pool, renders. HTTP and gRPC differ in the first and the last
 * step only; each folder here is one thing that can be asked for.
 */
@NullMarked
package dev.sluice.pool.api;

import org.jspecify.annotations.NullMarked;
