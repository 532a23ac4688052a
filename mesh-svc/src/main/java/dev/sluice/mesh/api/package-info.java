/**
 * The edge: parses, checks, asks the router or the supervisor, renders. HTTP and gRPC differ in the
 * first and the last step only.
 */
@NullMarked
package dev.sluice.mesh.api;

import org.jspecify.annotations.NullMarked;
