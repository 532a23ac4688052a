/**
 * Configuration that changes while the service runs: what is wrong never replaces what is right.
 */
@NullMarked
package dev.sluice.limiter.process.reload;

import org.jspecify.annotations.NullMarked;
