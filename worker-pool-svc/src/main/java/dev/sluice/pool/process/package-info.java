/**
 * The processes of the pool. Jobs are the engine's; the dispatcher owns all who wait for something:
 * room, jobs, results, changes, a call. It hears of every change of a job, and serves whom it
 * concerns, so nothing polls. {@link dev.sluice.pool.process.WorkerPool} is what the edge uses.
 *
 * <pre>
 *                       +--------------------------------+
 *   edge ---[inbox]---&gt; | dispatcher                     | --work--&gt; worker-0 ... --&gt; Target
 *                       |   Submits      wait for room   |              |
 *                       |   Leases       wait for jobs   | &lt;-[reports]--+
 *                       |   ResultWaits, Watches         |
 *                       |   PushQueues   wait for a call | --work in transactions--&gt; JobStore
 *                       |   Sweeper, RecurringJobs       | &lt;--outcomes, changes----- (engine)
 *                       +--------------------------------+
 * </pre>
 */
@NullMarked
package dev.sluice.pool.process;

import org.jspecify.annotations.NullMarked;
