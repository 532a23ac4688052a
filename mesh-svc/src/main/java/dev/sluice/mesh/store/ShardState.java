package dev.sluice.mesh.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * All that a shard's owner knows, as a message to the next owner. Immutable.
 *
 * @param states by operation and key
 * @param answered by the requests' ids, the oldest first
 */
public record ShardState(Map<StateKey, String> states, SequencedMap<String, Answered> answered) {
  /** Of a shard that starts anew. */
  public static final ShardState EMPTY = new ShardState(Map.of(), new LinkedHashMap<>());

  /** Copies both. */
  public ShardState {
    states = Map.copyOf(states);
    answered = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(answered));
  }
}
