/**
 * The processes of the pool: one that owns all jobs, and the workers that make the calls. Plain
 * Java on channels: no framework.
 *
 * <pre>
 *                              +--------------------- reports <---------------------+
 *                              v                                                    |
 *   submit, get --> inbox --> job-queue (owns every job) --> work (rendezvous) --> worker-0 --> Target
 *                              |                                                   worker-1 --> Target
 *                              +--> Reply                                          ...
 * </pre>
 */
@NullMarked
package dev.sluice.pool.process;

import org.jspecify.annotations.NullMarked;
