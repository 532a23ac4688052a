package dev.sluice.mesh.store;

import dev.sluice.mesh.model.Answered;
import dev.sluice.mesh.model.KeyState;
import dev.sluice.mesh.model.ShardState;
import dev.sluice.mesh.model.StateKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a shard in its owner's memory, which is lost when the owner is. Bounded: a state goes when
 * it is worth nothing any more and not before, so a new key is refused when there are too many; of
 * the answers the oldest are forgotten.
 */
public final class MemoryShardStore implements ShardStore {
  /** How many expired states one request forgets at most, unless it needs their room. */
  private static final int SWEEP = 16;

  private final int maxKeys;
  private final int maxAnswered;
  private final long maxReplyChars;
  private final Map<StateKey, Kept> states = new HashMap<>();

  /** Those that expire, by a time at which that is looked at: not after they do. */
  private final PriorityQueue<Kept> byLook =
      new PriorityQueue<>(Comparator.comparing((Kept kept) -> kept.lookAt));

  private final SequencedMap<String, Answered> answered = new LinkedHashMap<>();
  private final @Nullable Instant lostAt;
  private long replyChars;

  private static final class Kept {
    final StateKey key;
    KeyState state;

    /** When it is looked at, if it stands in the queue for that. */
    Instant lookAt = Instant.MAX;

    boolean isQueued;

    Kept(StateKey key, KeyState state) {
      this.key = key;
      this.state = state;
    }
  }

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
    this.lostAt = from.lostAt();
    from.states().forEach(this::put);
    from.answered().forEach(this::remember);
  }

  @Override
  public @Nullable String state(StateKey key, Instant now) {
    Kept kept = states.get(key);
    return kept == null || kept.state.isExpired(now) ? null : kept.state.state();
  }

  @Override
  public @Nullable Answered answered(String id) {
    return answered.get(id);
  }

  @Override
  public void keep(
      StateKey key, @Nullable KeyState state, String id, Answered answer, Instant now) {
    sweep(now, SWEEP);
    if (state != null) {
      if (states.size() >= maxKeys && !states.containsKey(key)) {
        sweep(now, Integer.MAX_VALUE);
        if (states.size() >= maxKeys) {
          throw new StoreFullException(maxKeys);
        }
      }
      put(key, state);
    }
    remember(id, answer);
  }

  @Override
  public @Nullable Instant lostAt() {
    return lostAt;
  }

  @Override
  public ShardState content() {
    var content = new HashMap<StateKey, KeyState>(states.size() * 2);
    states.forEach((key, kept) -> content.put(key, kept.state));
    return new ShardState(content, answered, lostAt);
  }

  private void put(StateKey key, KeyState state) {
    Kept kept = states.computeIfAbsent(key, added -> new Kept(added, state));
    kept.state = state;
    Instant until = state.until();
    if (until == null || (kept.isQueued && !until.isBefore(kept.lookAt))) {
      return; // the look comes early enough
    }
    if (kept.isQueued) {
      byLook.remove(kept);
    }
    queue(kept, until);
  }

  private void queue(Kept kept, Instant lookAt) {
    kept.lookAt = lookAt;
    kept.isQueued = true;
    byLook.add(kept);
  }

  private void sweep(Instant now, int max) {
    int looks = 0;
    Kept first = byLook.peek();
    while (first != null && looks++ < max && !first.lookAt.isAfter(now)) {
      byLook.remove();
      first.isQueued = false;
      look(first, now);
      first = byLook.peek();
    }
  }

  private void look(Kept kept, Instant now) {
    Instant until = kept.state.until();
    if (kept.state.isExpired(now)) {
      states.remove(kept.key);
    } else if (until != null) {
      queue(kept, until);
    }
  }

  private void remember(String id, Answered answer) {
    Answered before = answered.put(id, answer);
    replyChars += answer.reply().length() - (before == null ? 0 : before.reply().length());
    while (answered.size() > maxAnswered || (replyChars > maxReplyChars && answered.size() > 1)) {
      replyChars -= answered.pollFirstEntry().getValue().reply().length();
    }
  }
}
