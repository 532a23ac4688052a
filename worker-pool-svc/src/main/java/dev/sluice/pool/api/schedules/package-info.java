/** Jobs that come again and again. */
@NullMarked
package dev.sluice.pool.api.schedules;

import org.jspecify.annotations.NullMarked;
