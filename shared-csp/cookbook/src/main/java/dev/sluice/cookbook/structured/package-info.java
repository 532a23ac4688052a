/**
 * The order desk in scopes: what it starts ends before {@code close} returns, every piece of state
 * has one owner, and whoever asks is answered.
 */
@NullMarked
package dev.sluice.cookbook.structured;

import org.jspecify.annotations.NullMarked;
