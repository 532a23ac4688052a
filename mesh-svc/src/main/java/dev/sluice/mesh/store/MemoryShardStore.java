package dev.sluice.mesh.store;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a shard in its owner's memory, which is lost when the owner is. Bounded: states never
 * vanish, so a new key is refused when there are too many; of the answers the oldest are forgotten.
 */
public final class MemoryShardStore implements ShardStore {
  private final int maxKeys;
  private final int maxAnswered;
  private final long maxReplyChars;
  private final Map<StateKey, String> states;
  private final SequencedMap<String, Answered> answered = new LinkedHashMap<>();
  private long replyChars;

  /**
   * @param maxKeys the most keys whose state is kept
   * @param maxAnswered the most answers that are kept, 1 or more
   * @param maxReplyChars the most characters in the replies that are kept; the latest always is
   * @param from what the previous owner knew
   */
  public MemoryShardStore(int maxKeys, int maxAnswered, long maxReplyChars, ShardState from) {
    this.maxKeys = maxKeys;
    this.maxAnswered = maxAnswered;
    this.maxReplyChars = maxReplyChars;
    this.states = new HashMap<>(from.states());
    from.answered().forEach(this::remember);
  }

  @Override
  public @Nullable String state(StateKey key) {
    return states.get(key);
  }

  @Override
  public @Nullable Answered answered(String id) {
    return answered.get(id);
  }

  @Override
  public void keep(StateKey key, @Nullable String state, String id, Answered answer) {
    if (state != null) {
      if (states.size() >= maxKeys && !states.containsKey(key)) {
        throw new StoreFullException(maxKeys);
      }
      states.put(key, state);
    }
    remember(id, answer);
  }

  @Override
  public ShardState content() {
    return new ShardState(states, answered);
  }

  private void remember(String id, Answered answer) {
    Answered before = answered.put(id, answer);
    replyChars += answer.reply().length() - (before == null ? 0 : before.reply().length());
    while (answered.size() > maxAnswered || (replyChars > maxReplyChars && answered.size() > 1)) {
      replyChars -= answered.pollFirstEntry().getValue().reply().length();
    }
  }
}
