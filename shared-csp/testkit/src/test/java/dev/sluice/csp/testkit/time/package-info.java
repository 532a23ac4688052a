/**
 * Tests of all that waits for time in {@link dev.sluice.csp}: limits, {@code after}, timers,
 * tickers, deadlines. They stand here and not beside the code because they move time by hand, with
 * the {@link dev.sluice.csp.testkit.VirtualClock} of this module, which stands on that one.
 *
 * <p>Their pattern: start a process, wait with {@code awaitAlarms} until it waits for time, move
 * the clock to just before the instant and see that the alarm is still set, then move it on.
 */
@NullMarked
package dev.sluice.csp.testkit.time;

import org.jspecify.annotations.NullMarked;
