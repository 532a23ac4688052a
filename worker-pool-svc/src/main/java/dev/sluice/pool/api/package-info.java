/**
 * The edge: parses, checks, asks the process, renders. HTTP and gRPC differ in the first and the
 * last step only.
 */
@NullMarked
package dev.sluice.pool.api;

import org.jspecify.annotations.NullMarked;
