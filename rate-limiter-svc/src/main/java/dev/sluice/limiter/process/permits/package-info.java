/**
 * Concurrency limits: at most so many permits of a key are out at once, each on a lease that ends
 * when it is released or not renewed in time. Plain Java on channels: no framework.
 *
 * <pre>
 *   Leases.acquire --> [inbox] --> LeaseShard (owns the leases and waiters of its keys) --> Reply
 * </pre>
 */
@NullMarked
package dev.sluice.limiter.process.permits;

import org.jspecify.annotations.NullMarked;
