/** That every benchmark runs and loses nothing, and that the report says what was measured. */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
