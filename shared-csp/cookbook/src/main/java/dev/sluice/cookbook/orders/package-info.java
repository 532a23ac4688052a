/**
 * A small service that this book has twice: tangled, in {@code soup}, and in scopes, in {@code
 * structured}. Here stands what both have in common, which is all that their clients see.
 */
@NullMarked
package dev.sluice.cookbook.orders;

import org.jspecify.annotations.NullMarked;
