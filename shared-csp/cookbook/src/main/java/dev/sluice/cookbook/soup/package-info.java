/**
 * The order desk as a tangle, to be read as a warning. It breaks the rules of this project on
 * purpose: processes are started wherever one is wanted and then forgotten, several of them write
 * the same flags, counters and maps, and closing is guesswork. Each piece looks harmless and every
 * test of what it does passes; what it leaves behind is the point.
 */
@NullMarked
package dev.sluice.cookbook.soup;

import org.jspecify.annotations.NullMarked;
