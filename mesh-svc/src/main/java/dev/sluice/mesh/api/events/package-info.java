/** What happens to the mesh, as it happens, for watchers. */
@NullMarked
package dev.sluice.mesh.api.events;

import org.jspecify.annotations.NullMarked;
