/**
 * Jobs in PostgreSQL, for many instances at once. A few lanes, each a process with a connection of
 * its own, do what the stores submit, all that waits in one transaction; an ear hears what other
 * instances have done.
 *
 * <pre>
 *   store: submit flush --+--> [lane-0] --\              /--> ended, wake --> store: collect
 *                         +--> [lane-1] ---+--> server --+
 *                         +--> [aside] ---/   NOTIFY |   \--> heard, wake --> store: collect
 *                                                    v
 *                                                   ear
 * </pre>
 *
 * <p>Work about a queue goes to the lane of its name, work about a job to the lane of its id, and
 * what is about nothing certain aside. A transaction first locks the rows of all queues that it is
 * about, in the order of their names, and jobs only then; so there is no circle of those who wait
 * for each other, a queue's depth is exact, and its jobs have one order.
 *
 * <p>Time is the server's.
 */
@NullMarked
package dev.sluice.pool.store.postgres;

import org.jspecify.annotations.NullMarked;
