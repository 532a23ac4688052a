/**
 * The processes that own the seen keys. Plain Java on channels: no framework.
 *
 * <pre>
 *   Deduplicator.see --> [inbox] --> DedupShard (owns the seen keys that hash to it) --> Reply
 * </pre>
 */
@NullMarked
package dev.sluice.dedup.process;

import org.jspecify.annotations.NullMarked;
