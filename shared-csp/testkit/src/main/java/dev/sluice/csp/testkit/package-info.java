/**
 * For tests of processes: {@link dev.sluice.csp.testkit.VirtualClock} moves time by hand, so no
 * test sleeps, and {@link dev.sluice.csp.testkit.NoLeaks} fails a test that leaves a process
 * behind.
 */
@NullMarked
package dev.sluice.csp.testkit;

import org.jspecify.annotations.NullMarked;
