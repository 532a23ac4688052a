/** Each task's own list of what must be so, line by line. */
@NullMarked
package dev.sluice.cookbook;

import org.jspecify.annotations.NullMarked;
