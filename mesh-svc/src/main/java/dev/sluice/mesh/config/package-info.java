/** What can be configured, and the wiring of the service from its parts. */
@NullMarked
package dev.sluice.mesh.config;

import org.jspecify.annotations.NullMarked;
