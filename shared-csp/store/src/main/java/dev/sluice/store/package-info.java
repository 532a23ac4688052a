/**
 * What the services' stores have in common: how a key is kept, by which clock, and how an engine
 * is.
 */
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
