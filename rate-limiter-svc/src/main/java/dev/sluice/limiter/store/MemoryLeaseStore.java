package dev.sluice.limiter.store;

import dev.sluice.store.Fingerprint;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps leases in this process's memory, and nothing of a key that has none. A fence is the time in
 * microseconds, or one more than the last if that is not less, so that it goes on growing when the
 * key has been forgotten and when the service starts anew.
 */
public final class MemoryLeaseStore implements LeaseStore {
  private static final Comparator<Held> NEXT_TO_EXPIRE =
      Comparator.<Held>comparingLong(held -> held.lease.expiresAt())
          .thenComparingLong(held -> held.lease.fence());

  private final int max;
  private final Map<Fingerprint, Leases> keys = new HashMap<>();
  private final NavigableSet<Held> byExpiry = new TreeSet<>(NEXT_TO_EXPIRE);
  private long lastFence;
  private long out;
  private long expired;

  /** A lease, and where it belongs. */
  private record Held(LeaseKey key, LeaseId id, Lease lease) {}

  /** Those of one key. */
  private static final class Leases {
    final Map<LeaseId, Held> byId = new HashMap<>();
    final NavigableSet<Held> byExpiry = new TreeSet<>(NEXT_TO_EXPIRE);
    long out;
  }

  /**
   * @param max the most leases to keep
   */
  public MemoryLeaseStore(int max) {
    this.max = max;
  }

  @Override
  public void submit(LeaseOperation operation, long now, Consumer<? super LeaseOutcome> answer) {
    expire(now);
    answer.accept(
        switch (operation) {
          case LeaseOperation.Acquire acquire -> acquire(acquire, now);
          case LeaseOperation.Renew renew -> renew(renew, now);
          case LeaseOperation.Release(LeaseKey key, LeaseId id) -> release(key, id);
          case LeaseOperation.Look(LeaseKey key, int most) -> look(key, most, now);
        });
  }

  private LeaseOutcome acquire(LeaseOperation.Acquire acquire, long now) {
    Leases leases = keys.get(acquire.key().fingerprint());
    long others = leases == null ? 0 : leases.out;
    if (others + acquire.permits() > acquire.limit()) {
      return new LeaseOutcome.Refused(others, untilNext(leases, now));
    }
    if (byExpiry.size() >= max) {
      return new Outcome.Full("all " + max + " leases of this shard are out");
    }
    lastFence = Math.max(lastFence + 1, now / 1000);
    var lease =
        new Lease(
            acquire.permits(),
            acquire.holder(),
            lastFence,
            acquire.ttl(),
            now,
            now + acquire.ttl().toNanos());
    put(new Held(acquire.key(), acquire.id(), lease));
    return new LeaseOutcome.Granted(lease, others + acquire.permits());
  }

  private LeaseOutcome renew(LeaseOperation.Renew renew, long now) {
    Held held = remove(renew.key(), renew.id());
    if (held == null) {
      return new LeaseOutcome.Unknown();
    }
    Lease before = held.lease;
    var ttl = renew.ttl() == null ? before.ttl() : renew.ttl();
    var lease =
        new Lease(
            before.permits(),
            before.holder(),
            before.fence(),
            ttl,
            before.since(),
            now + ttl.toNanos());
    put(new Held(held.key, held.id, lease));
    return new LeaseOutcome.Renewed(lease);
  }

  private LeaseOutcome release(LeaseKey key, LeaseId id) {
    Held held = remove(key, id);
    return held == null
        ? new LeaseOutcome.Unknown()
        : new LeaseOutcome.Released(held.lease.permits());
  }

  private LeaseOutcome look(LeaseKey key, int most, long now) {
    Leases leases = keys.getOrDefault(key.fingerprint(), new Leases());
    return new LeaseOutcome.Held(
        leases.out,
        leases.byId.size(),
        untilNext(leases, now),
        leases.byExpiry.stream().limit(most).map(Held::lease).toList());
  }

  private static long untilNext(@Nullable Leases leases, long now) {
    return leases == null || leases.byExpiry.isEmpty()
        ? 0
        : leases.byExpiry.first().lease.expiresAt() - now;
  }

  private void put(Held held) {
    Leases leases = keys.computeIfAbsent(held.key.fingerprint(), _ -> new Leases());
    leases.byId.put(held.id, held);
    leases.byExpiry.add(held);
    leases.out += held.lease.permits();
    byExpiry.add(held);
    out += held.lease.permits();
  }

  private @Nullable Held remove(LeaseKey key, LeaseId id) {
    Leases leases = keys.get(key.fingerprint());
    Held held = leases == null ? null : leases.byId.remove(id);
    if (leases == null || held == null) {
      return null;
    }
    leases.byExpiry.remove(held);
    leases.out -= held.lease.permits();
    byExpiry.remove(held);
    out -= held.lease.permits();
    if (leases.byId.isEmpty()) {
      keys.remove(key.fingerprint());
    }
    return held;
  }

  @Override
  public long sweep(long now) {
    expire(now);
    return byExpiry.isEmpty() ? Long.MAX_VALUE : byExpiry.first().lease.expiresAt() - now;
  }

  private void expire(long now) {
    while (!byExpiry.isEmpty() && byExpiry.first().lease.expiresAt() <= now) {
      Held next = byExpiry.first();
      remove(next.key, next.id);
      expired++;
    }
  }

  @Override
  public long expired() {
    return expired;
  }

  @Override
  public OptionalLong out() {
    return OptionalLong.of(out);
  }
}
