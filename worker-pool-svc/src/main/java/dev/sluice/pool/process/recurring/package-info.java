/** Jobs that come again and again: when their next time is. */
@NullMarked
package dev.sluice.pool.process.recurring;

import org.jspecify.annotations.NullMarked;
