/**
 * The request log in PostgreSQL, one for all routers. Each router has a lane, a process with a
 * connection of its own, which does all that waits in one transaction, renews the router's mark,
 * and takes over what routers have left that do not renew theirs.
 *
 * <pre>
 *   router: accept finish find flush --&gt; [lane] one transaction --&gt; ended, wake --&gt; router: collect
 *                                          |  every 2 s: mark; who has none for 10 s is dead
 *                                          +--------------------&gt; adopted, wake --&gt; router: collect
 * </pre>
 *
 * <p>Time is the server's.
 */
@NullMarked
package dev.sluice.mesh.store.postgres;

import org.jspecify.annotations.NullMarked;
