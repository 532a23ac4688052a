package dev.sluice.dedup.api.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a stream asks for, over HTTP and gRPC.
 *
 * @param namespace whose keys
 * @param ttl for {@link Mode#FIRST}: how long a window lasts
 * @param extend whether it slides
 * @param quiet for debouncing: how long no line of a key must come for its burst to be over
 */
record SieveRequest(
    Mode mode,
    String namespace,
    @Nullable Duration ttl,
    boolean extend,
    @Nullable Duration quiet) {}
