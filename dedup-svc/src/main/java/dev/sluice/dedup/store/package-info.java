/**
 * Where seen keys are kept: the port {@link dev.sluice.dedup.store.SeenStore} and one adapter an
 * engine.
 */
@NullMarked
package dev.sluice.dedup.store;

import org.jspecify.annotations.NullMarked;
