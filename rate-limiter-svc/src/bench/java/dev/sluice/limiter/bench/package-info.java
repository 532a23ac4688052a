/**
 * Measures the limiter beside endpoints that decide nothing.
 *
 * @see dev.sluice.load
 */
@NullMarked
package dev.sluice.limiter.bench;

import org.jspecify.annotations.NullMarked;
