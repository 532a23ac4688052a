package dev.sluice.market.model;

/**
 * A tick as its source sent it.
 *
 * @param source the index of the source
 * @param line in one of the formats that {@link dev.sluice.market.stage.LineParser} reads, without
 *     line end; nobody changes it
 * @param born when it came into the pipeline, in nanoseconds of the pipeline's clock
 */
@SuppressWarnings("ArrayRecordComponent") // a million a second: not copied, and never compared
public record RawTick(int source, byte[] line, long born) implements Raw {}
