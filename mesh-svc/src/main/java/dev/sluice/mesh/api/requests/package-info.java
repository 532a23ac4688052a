/** Requests: one at a time, and what has become of them. */
@NullMarked
package dev.sluice.mesh.api.requests;

import org.jspecify.annotations.NullMarked;
