/** Jobs are looked at, listed, cancelled and tried again. */
@NullMarked
package dev.sluice.pool.api.jobs;

import org.jspecify.annotations.NullMarked;
