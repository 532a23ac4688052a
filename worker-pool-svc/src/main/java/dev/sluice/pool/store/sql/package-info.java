/**
 * What can be asked of jobs and queues, decided by SQL: one implementation for SQLite and
 * PostgreSQL.
 *
 * <pre>
 *   JobTables ----> Intake (submit), Steering (lease to end), Sweep (time), Listing
 *                      |          |           |
 *                      +----> Course: the one way in which a job's state changes
 *                                 |
 *                 JobTable, ContentTable, QueueTable, KeyTable, Counts ----> Sql ----> JDBC
 * </pre>
 */
@NullMarked
package dev.sluice.pool.store.sql;

import org.jspecify.annotations.NullMarked;
