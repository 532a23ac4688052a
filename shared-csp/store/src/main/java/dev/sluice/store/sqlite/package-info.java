/**
 * State in an SQLite file: one process writes it, for all who have something to write, in groups.
 *
 * <pre>
 *   shard: submit submit flush --\                    /--> done, wake --> shard: collect
 *   shard: submit flush ----------+--> [inbox] writer --+
 *   shard: submit submit flush --/    one transaction   \--> done, wake --> shard: collect
 *                                     one fsync
 * </pre>
 *
 * <p>Needs {@code org.xerial:sqlite-jdbc} on the class path of who uses it.
 */
@NullMarked
package dev.sluice.store.sqlite;

import org.jspecify.annotations.NullMarked;
