/**
 * {@code sluice.mesh.v1.Mesh}: the operations of HTTP, and a stream on which many requests are in
 * flight.
 */
@NullMarked
package dev.sluice.mesh.api.grpc;

import org.jspecify.annotations.NullMarked;
