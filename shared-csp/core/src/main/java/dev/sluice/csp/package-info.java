/**
 * Communicating sequential processes on virtual threads, after Hoare's CSP and Go.
 *
 * <p>A {@link dev.sluice.csp.Scope} starts processes; a process owns its state and shares it with
 * nobody; processes talk over {@link dev.sluice.csp.Channel channels}, which are typed and bounded;
 * a {@link dev.sluice.csp.Select} waits for the first of several channels. Time is a channel too
 * ({@link dev.sluice.csp.Ticker}, {@link dev.sluice.csp.Timer}) and comes from a {@link
 * dev.sluice.csp.Clock} that a test replaces. {@link dev.sluice.csp.Processes} tells who lives and
 * what each waits for.
 *
 * <pre>
 *   process --send--> Channel --receive--> process        event loop --trySend--> Channel --receive--> process
 *      ^                                      |               ^                                          |
 *      +------------- another channel --------+               +--------- Reply (CompletionStage) --------+
 * </pre>
 */
@NullMarked
package dev.sluice.csp;

import org.jspecify.annotations.NullMarked;
