/**
 * Holds what is deployed to the code: manifests, images and the compose file are read as they are,
 * rendered where there is something that renders, and compared with the services' settings, ports,
 * checks and metrics.
 */
@NullMarked
package dev.sluice.deploy;

import org.jspecify.annotations.NullMarked;
