/**
 * Measures a service from outside, beside something that does everything but its work: load
 * generators ({@code wrk}, {@code h2load}, {@code redis-benchmark}) take turns at the one and the
 * other, so that both see the same of a machine whose speed changes.
 *
 * <pre>
 *   a service's Bench --> Service (a process of its own) <-- wrk, h2load
 *                     --> RedisServer                    <-- redis-benchmark
 *                     --> Duel, Fact --> Report: a table, *.svg
 * </pre>
 */
@NullMarked
package dev.sluice.load;

import org.jspecify.annotations.NullMarked;
