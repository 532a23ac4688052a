/**
 * What a push queue knows of the hosts that it calls, and what it makes of their answers. Plain
 * state: the dispatcher owns it.
 *
 * <pre>
 *   job --&gt; JobRate --&gt; HostGates --Go--&gt; Target --answer--&gt; Judgement --&gt; Verdict
 *                          ^                |
 *                          +-----ended------+
 * </pre>
 */
@NullMarked
package dev.sluice.pool.process.push;

import org.jspecify.annotations.NullMarked;
