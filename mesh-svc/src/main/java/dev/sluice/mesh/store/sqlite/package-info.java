/**
 * The request log in an SQLite file, or in memory: two tables that only grow at one end and shrink
 * at the other, and beside them in memory where each id is.
 *
 * <pre>
 *   router: accept finish find flush --&gt; [writer] one transaction, one fsync --&gt; wake --&gt; router: collect
 *                                          |
 *                                          +-- about once a second: forgets what is old --&gt; ids to forget
 * </pre>
 */
@NullMarked
package dev.sluice.mesh.store.sqlite;

import org.jspecify.annotations.NullMarked;
