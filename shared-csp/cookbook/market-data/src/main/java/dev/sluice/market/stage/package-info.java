/**
 * The stages: what each decides, as plain code that is told the time, and the process that does it,
 * with a bounded input.
 *
 * <pre>
 *   Gate --> Normaliser --> Filter --> Aggregator --> Publisher --> Consumer
 * </pre>
 */
@NullMarked
package dev.sluice.market.stage;

import org.jspecify.annotations.NullMarked;
