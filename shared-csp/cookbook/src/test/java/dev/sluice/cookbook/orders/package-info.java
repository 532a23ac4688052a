/** One suite for both order desks; and what only one of them passes. */
@NullMarked
package dev.sluice.cookbook.orders;

import org.jspecify.annotations.NullMarked;
