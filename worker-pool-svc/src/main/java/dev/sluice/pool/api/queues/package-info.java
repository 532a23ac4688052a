/** Queues are made, changed, stopped, emptied and looked at, their dead letters too. */
@NullMarked
package dev.sluice.pool.api.queues;

import org.jspecify.annotations.NullMarked;
