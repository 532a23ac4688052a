/**
 * Jobs in an SQLite file, or in memory by the same means.
 *
 * <pre>
 *   process --> SqliteJobStore --work--> the file's writer: JobTables, one commit for many
 *                     ^                        |
 *                     +---- changes, outcome --+ when it is on the disk
 * </pre>
 */
@NullMarked
package dev.sluice.pool.store.sqlite;

import org.jspecify.annotations.NullMarked;
