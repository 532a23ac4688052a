package dev.sluice.mesh.store;

import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.StateKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the owner of one shard knows. Called by that owner's process only. */
public interface ShardStore {

  /** The state of a key; null when it has none that is worth anything now. */
  @Nullable String state(StateKey key, Instant now);

  /** The answer that a request was given; null when it was not run or that has been forgotten. */
  @Nullable Answered answered(String id);

  /**
   * A request has been run: keeps both what it left behind and its answer, or neither.
   *
   * @param key whose state
   * @param state the new state; null leaves it as it was
   * @param id the request's
   * @throws StoreFullException the key is new and there is no room for it
   */
  void keep(StateKey key, @Nullable KeyState state, String id, Answered answer, Instant now);

  /** When what was known of the shard was last lost; null when it never was. */
  @Nullable Instant lostAt();

  /** All of it, for the shard's next owner. */
  ShardState content();
}
