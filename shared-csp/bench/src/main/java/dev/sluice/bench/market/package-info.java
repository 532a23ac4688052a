/**
 * The market-data pipeline measured: beside the same pipeline on Jox's channels and on Kotlin's
 * flows, under the load that it is to bear, with a consumer that slows down, and when it is
 * cancelled.
 */
@NullMarked
package dev.sluice.bench.market;

import org.jspecify.annotations.NullMarked;
