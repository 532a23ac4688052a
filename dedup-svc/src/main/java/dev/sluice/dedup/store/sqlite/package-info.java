/**
 * Seen keys and claims in a file, so that a restart forgets nothing.
 *
 * <pre>
 *   dedup shard --> SqliteSeenStore --decides--> MemorySeenStore
 *                         |  ^
 *            what changed |  | committed: now the answer goes out
 *                         v  |
 *   claims shard --> SqliteClaimStore <---> the file's writer (decides claims, commits in groups)
 * </pre>
 */
@NullMarked
package dev.sluice.dedup.store.sqlite;

import org.jspecify.annotations.NullMarked;
