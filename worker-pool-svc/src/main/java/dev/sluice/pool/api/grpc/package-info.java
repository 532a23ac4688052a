/**
 * {@code sluice.pool.v1.WorkerPool}: the operations of HTTP, and a stream that workers with credits
 * are fed by.
 */
@NullMarked
package dev.sluice.pool.api.grpc;

import org.jspecify.annotations.NullMarked;
