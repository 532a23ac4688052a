/**
 * Measures the service from outside, beside endpoints that do everything but decide: load
 * generators ({@code wrk}, {@code h2load}) take turns at the one and the other, so that both see
 * the same of a machine whose speed changes.
 *
 * <pre>
 *   Bench --> Service (a process of its own) <-- wrk, h2load
 *         --> redis-server                   <-- redis-benchmark
 *         --> ManyKeys (a JVM of its own)
 *         --> Results --> Report: limiter.md, *.svg
 * </pre>
 */
@NullMarked
package dev.sluice.limiter.bench;

import org.jspecify.annotations.NullMarked;
