/**
 * The processes that own the buckets. Plain Java on channels: no framework.
 *
 * <pre>
 *   Limiter.acquire --> [inbox] --> LimiterShard (owns the buckets and waiters of its keys) --> Reply
 * </pre>
 */
@NullMarked
package dev.sluice.limiter.process;

import org.jspecify.annotations.NullMarked;
