/**
 * A market-data pipeline of bounded channels: sources push ticks, stages make bars of them, and
 * whoever is slow is felt by those before it and by nobody else. {@link dev.sluice.market.Market}
 * starts one, {@link dev.sluice.market.Main} is the program.
 *
 * <pre>
 *   source --> [ ] --> ingest --\                                          /--> [ ] --> consumer
 *   source --> [ ] --> ingest ---+--> [ ] normalise --> [ ] filter        /
 *   source --> [ ] --> ingest --/       --> [ ] aggregate --> [ ] publish +--> [ ] --> consumer
 *                         ^------ verdicts -----'
 * </pre>
 */
@NullMarked
package dev.sluice.market;

import org.jspecify.annotations.NullMarked;
