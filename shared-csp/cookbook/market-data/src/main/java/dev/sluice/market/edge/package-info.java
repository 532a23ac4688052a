/**
 * What people and programs see of a pipeline: the live view of a terminal, the table at the end,
 * and HTTP with metrics and orders.
 */
@NullMarked
package dev.sluice.market.edge;

import org.jspecify.annotations.NullMarked;
