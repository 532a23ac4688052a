/**
 * Measures the mesh ({@code ./sluice bench mesh}). Not part of the service: built by the profile
 * {@code bench} only.
 */
@NullMarked
package dev.sluice.mesh.bench;

import org.jspecify.annotations.NullMarked;
