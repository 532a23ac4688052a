package dev.sluice.mesh.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a shard's owner knows, as a message to the next owner. Immutable.
 *
 * @param states by operation and key
 * @param answered by the requests' ids, the oldest first
 * @param lostAt when what was known of the shard was last lost, with an owner that died; null when
 *     it never was
 */
public record ShardState(
    Map<StateKey, KeyState> states,
    SequencedMap<String, Answered> answered,
    @Nullable Instant lostAt) {
  /** Of a shard that starts anew. */
  public static final ShardState EMPTY = new ShardState(Map.of(), new LinkedHashMap<>(), null);

  /** Copies both. */
  public ShardState {
    states = Map.copyOf(states);
    answered = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(answered));
  }

  /** Of a shard whose owner died. */
  public static ShardState lost(Instant at) {
    return new ShardState(Map.of(), new LinkedHashMap<>(), at);
  }
}
