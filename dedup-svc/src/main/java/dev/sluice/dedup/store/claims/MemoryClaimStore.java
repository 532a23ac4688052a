package dev.sluice.dedup.store.claims;

import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps claims in this process's memory, and nothing of a key that nobody has and that is not done
 * with. What is in the way of a further one is never forgotten for it: it is refused.
 *
 * <p>A fence is the time in microseconds, or one more than the last if that is not less, so that it
 * goes on growing when the key has been forgotten and when the service starts anew.
 */
public final class MemoryClaimStore implements ClaimStore {
  /** How many entries go in one sweep: more than a batch brings, about a millisecond's work. */
  static final int SWEEP_MOST = 1_000;

  private static final Comparator<Entry> NEXT_TO_END =
      Comparator.<Entry>comparingLong(Entry::end).thenComparingLong(Entry::fence);

  private final int maxEntries;
  private final long maxBytes;
  private final Map<Fingerprint, Entry> entries = new HashMap<>();
  private final NavigableSet<Entry> byEnd = new TreeSet<>(NEXT_TO_END);
  private long lastFence;
  private long bytes;
  private long inProgress;

  /** What is known of a key: its claim, or when {@code response} is there, how it ended. */
  private record Entry(
      Fingerprint key,
      ClaimToken token,
      @Nullable String request,
      long fence,
      long leaseEnds,
      long expiresAt,
      @Nullable StoredResponse response) {

    /** The first instant at which the key is nobody's. */
    long end() {
      return response == null ? leaseEnds : expiresAt;
    }

    boolean isOther(@Nullable String asked) {
      return request != null && asked != null && !request.equals(asked);
    }

    Entry renewed(long end) {
      return new Entry(key, token, request, fence, end, Math.max(expiresAt, end), null);
    }

    Entry completed(StoredResponse with) {
      return new Entry(key, token, request, fence, leaseEnds, expiresAt, with);
    }

    ClaimOutcome.Claimed claimed() {
      return new ClaimOutcome.Claimed(fence, leaseEnds, expiresAt);
    }
  }

  /**
   * @param maxEntries the most keys to keep, claimed or done with
   * @param maxBytes the most that all responses together may have ({@link StoredResponse#size})
   */
  public MemoryClaimStore(int maxEntries, long maxBytes) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  @Override
  public void submit(ClaimOperation operation, long now, Consumer<? super ClaimOutcome> answer) {
    Entry entry = present(operation.key().fingerprint(), now);
    answer.accept(
        switch (operation) {
          case ClaimOperation.Claim claim -> claim(claim, entry, now);
          case ClaimOperation.Complete(_, ClaimToken token, StoredResponse response) ->
              complete(entry, token, response, now);
          case ClaimOperation.Abort(_, ClaimToken token) -> abort(entry, token);
          case ClaimOperation.Renew(_, ClaimToken token, long lease) ->
              renew(entry, token, now + lease);
        });
  }

  /** What is known of the key; null when it is nobody's. */
  private @Nullable Entry present(Fingerprint key, long now) {
    Entry entry = entries.get(key);
    if (entry != null && entry.end() <= now) {
      remove(entry);
      return null;
    }
    return entry;
  }

  private ClaimOutcome claim(ClaimOperation.Claim claim, @Nullable Entry entry, long now) {
    if (entry == null) {
      return begin(claim, now);
    }
    if (entry.isOther(claim.request())) {
      return new ClaimOutcome.OtherRequest();
    }
    return entry.response == null
        ? new ClaimOutcome.InProgress(entry.leaseEnds)
        : new ClaimOutcome.Completed(entry.response, entry.expiresAt);
  }

  private ClaimOutcome begin(ClaimOperation.Claim claim, long now) {
    if (entries.size() >= maxEntries) {
      forget(now, SWEEP_MOST);
    }
    if (entries.size() >= maxEntries) {
      return full("all " + maxEntries + " claims of this shard are in use", now);
    }
    lastFence = Math.max(lastFence + 1, now / 1000);
    var entry =
        new Entry(
            claim.key().fingerprint(),
            claim.token(),
            claim.request(),
            lastFence,
            now + claim.lease(),
            now + claim.ttl(),
            null);
    put(entry);
    return entry.claimed();
  }

  private ClaimOutcome complete(
      @Nullable Entry entry, ClaimToken token, StoredResponse response, long now) {
    if (entry == null || !entry.token.equals(token)) {
      return new ClaimOutcome.Lost();
    }
    if (entry.response != null) {
      return entry.response.equals(response)
          ? new ClaimOutcome.Completed(entry.response, entry.expiresAt)
          : new ClaimOutcome.Lost();
    }
    if (bytes + response.size() > maxBytes) {
      forget(now, SWEEP_MOST);
    }
    if (bytes + response.size() > maxBytes) {
      return full("the responses of this shard have " + bytes + " of " + maxBytes + " bytes", now);
    }
    remove(entry);
    put(entry.completed(response));
    return new ClaimOutcome.Completed(response, entry.expiresAt);
  }

  private ClaimOutcome abort(@Nullable Entry entry, ClaimToken token) {
    if (entry == null || !isHeld(entry, token)) {
      return new ClaimOutcome.Lost();
    }
    remove(entry);
    return new ClaimOutcome.Aborted();
  }

  private ClaimOutcome renew(@Nullable Entry entry, ClaimToken token, long end) {
    if (entry == null || !isHeld(entry, token)) {
      return new ClaimOutcome.Lost();
    }
    remove(entry);
    Entry renewed = entry.renewed(end);
    put(renewed);
    return renewed.claimed();
  }

  private static boolean isHeld(Entry entry, ClaimToken token) {
    return entry.response == null && entry.token.equals(token);
  }

  private ClaimOutcome full(String reason, long now) {
    long roomIn = byEnd.isEmpty() ? 0 : Math.max(0, byEnd.first().end() - now);
    return new ClaimOutcome.Failed(new StoreFailure.Full(reason, Duration.ofNanos(roomIn)));
  }

  private void put(Entry entry) {
    entries.put(entry.key, entry);
    byEnd.add(entry);
    bytes += size(entry);
    inProgress += entry.response == null ? 1 : 0;
  }

  private void remove(Entry entry) {
    entries.remove(entry.key);
    byEnd.remove(entry);
    bytes -= size(entry);
    inProgress -= entry.response == null ? 1 : 0;
  }

  private static long size(Entry entry) {
    return entry.response == null ? 0 : entry.response.size();
  }

  @Override
  public long sweep(long now) {
    forget(now, SWEEP_MOST);
    return byEnd.isEmpty() ? Long.MAX_VALUE : Math.max(0, byEnd.first().end() - now);
  }

  private void forget(long now, int most) {
    for (int i = 0; i < most && !byEnd.isEmpty() && byEnd.first().end() <= now; i++) {
      remove(byEnd.first());
    }
  }

  @Override
  public OptionalLong inProgress() {
    return OptionalLong.of(inProgress);
  }

  @Override
  public OptionalLong entries() {
    return OptionalLong.of(entries.size());
  }

  @Override
  public OptionalLong bytes() {
    return OptionalLong.of(bytes);
  }
}
