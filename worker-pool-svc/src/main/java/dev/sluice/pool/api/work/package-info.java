/** Workers of pull queues: they lease jobs, end them, and say that they still have them. */
@NullMarked
package dev.sluice.pool.api.work;

import org.jspecify.annotations.NullMarked;
