/**
 * The processes of the mesh. Plain Java on channels: no framework. They share nothing: each link is
 * a typed channel of messages, so that a link may become a network connection and a process one of
 * the operating system.
 *
 * <pre>
 *                Request                RouterToWorker
 *   Mesh.trySend ------> [router] =====================&gt; [worker-i]   runs the operations, keeps the state
 *                           ^   &lt;=====================     |   ^
 *                           |          Answer              |   |
 *             RouterCommand |                 Beat, Report |   | WorkerCommand
 *                           |                              v   |
 *                           +------------------------ [supervisor] -- Launcher: starts and cancels workers
 * </pre>
 *
 * <p>Nobody waits in a circle: the router waits for nobody, the supervisor for the router only, a
 * worker for both.
 */
@NullMarked
package dev.sluice.mesh.process;

import org.jspecify.annotations.NullMarked;
