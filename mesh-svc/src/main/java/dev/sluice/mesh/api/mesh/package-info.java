/** The mesh as a whole: how it is, and hurting it for demonstrations. */
@NullMarked
package dev.sluice.mesh.api.mesh;

import org.jspecify.annotations.NullMarked;
