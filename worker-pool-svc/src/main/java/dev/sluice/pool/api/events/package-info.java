/** What happens to a job or in a queue, as it happens. */
@NullMarked
package dev.sluice.pool.api.events;

import org.jspecify.annotations.NullMarked;
