/**
 * A service's life: the scope of its processes, their heartbeats and channels as seen from outside
 * (health, metrics), and its end in good order.
 *
 * <pre>
 *   start: ServiceLife opens the scope -> the service's wiring starts processes in it -> live, ready
 *   SIGTERM -> not ready, no new work (503) -> what was accepted is finished -> the scope is closed -> exit 0
 * </pre>
 */
@NullMarked
package dev.sluice.service.life;

import org.jspecify.annotations.NullMarked;
