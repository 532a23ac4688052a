package dev.sluice.dedup.process.stream;

/**
 * One thing that comes on a stream.
 *
 * @param number its place on the stream, from 1; numbers may be left out
 * @param key what is compared
 * @param payload what passes
 * @param bytes how much it holds while it is pending
 * @param <T> the payload
 */
public record Item<T>(long number, String key, T payload, int bytes) {}
