/**
 * The processes of the mesh. Plain Java on channels: no framework. They share nothing: each link is
 * a pair of typed channels, so that it may be a network connection and a process one of the
 * operating system.
 *
 * <pre>
 *   Router.ask --&gt; [router] ==ToWorker====&gt; [worker]   runs the operations, keeps the state
 *                     ^ |   &lt;=FromWorker==    ^ |
 *         RouterOrder | | RouterReport, Beat  | | WorkerReport, Beat
 *                     | v         WorkerOrder | v
 *                  [supervisor] --------------+     Launcher: starts and ends members
 * </pre>
 *
 * <p>Nobody waits for a peer: what is sent has room by credits, or the peer is cut off.
 */
@NullMarked
package dev.sluice.mesh.process;

import org.jspecify.annotations.NullMarked;
