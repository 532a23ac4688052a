/** Jobs come in: one, many, and what is checked of them. */
@NullMarked
package dev.sluice.pool.api.submit;

import org.jspecify.annotations.NullMarked;
