/** Recorded runs of the code, replayed against the models. */
@NullMarked
package dev.sluice.spec;

import org.jspecify.annotations.NullMarked;
