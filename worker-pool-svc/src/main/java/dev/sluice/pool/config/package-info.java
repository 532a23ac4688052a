/** What can be configured, the wiring of the service from its parts, and its metrics. */
@NullMarked
package dev.sluice.pool.config;

import org.jspecify.annotations.NullMarked;
