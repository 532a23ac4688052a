/** Calls other processes of the mesh over gRPC, by ports of {@code process}. */
@NullMarked
package dev.sluice.mesh.remote;

import org.jspecify.annotations.NullMarked;
