package dev.sluice.dedup.store.sqlite;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.SeenContents;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenOperation;
import dev.sluice.dedup.store.SeenOutcome;
import dev.sluice.dedup.store.SeenOutcome.Seen;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteSession;
import dev.sluice.store.sqlite.SqliteTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One shard's seen keys in memory, with a file behind them. Memory decides at once; an answer that
 * rests on what the file does not have yet is kept back until it has: that of a first, of an
 * extended window, of a forget, and those of all who ask for that key meanwhile. So nobody is told
 * anything that a crash can undo. Who repeats a key that is in the file is answered from memory.
 *
 * <p>When a commit fails, memory goes back to what the file has, and all whose answers were kept
 * back are told that the store is not available: who tries again is first again.
 *
 * <p>How often a key was seen is written once a second at most and when the store closes, so after
 * a crash the count may be too small.
 */
final class SqliteSeenStore implements SeenStore {
  private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

  /** For how many keys at most the count of one second is written. */
  private static final int MAX_COUNTS = 8_192;

  private final MemorySeenStore memory;
  private final SqliteSession session;
  private final KeyForm form;

  /** What memory has pushed out, and the file has still. */
  private final List<Evicted> evicted;

  /** What the file does not have yet. */
  private final Map<Fingerprint, Pending> pending = new HashMap<>();

  private final Set<SeenKey> recounted = new LinkedHashSet<>();
  private long waiting; // answers kept back
  private long round; // what was submitted in an earlier one is not changed any more
  private long now;
  private long nextLook;

  SqliteSeenStore(
      MemorySeenStore memory, List<Evicted> evicted, SqliteSession session, KeyForm form) {
    this.memory = memory;
    this.session = session;
    this.evicted = evicted;
    this.form = form;
  }

  @Override
  public void submit(SeenOperation operation, long at, Consumer<? super SeenOutcome> answer) {
    now = at;
    switch (operation) {
      case SeenOperation.See see -> change(see, see.key(), answer);
      case SeenOperation.Forget forget -> change(forget, forget.key(), answer);
      case SeenOperation.Peek(SeenKey key) -> {
        if (hasRoom(answer)) {
          answer(key, ask(operation), answer);
        }
      }
      case SeenOperation.Count _ -> answer.accept(ask(operation));
    }
  }

  @Override
  public void flush() {
    session.flush();
    round++;
  }

  @Override
  public void collect() {
    session.collect();
  }

  @Override
  public boolean isWaiting() {
    return session.isWaiting();
  }

  @Override
  public long sweep(long at) {
    now = at;
    if (now >= nextLook) {
      nextLook = now + LOOK_EVERY;
      writeCounts();
      if (!session.isUp()) {
        session.submit(new Probe());
      }
    }
    return Math.min(LOOK_EVERY, memory.sweep(now));
  }

  @Override
  public Optional<SeenContents> contents() {
    return memory.contents();
  }

  @Override
  public StoreStatus status() {
    return session.status();
  }

  /** Hands over what can be written late, when no more operations will come. */
  void finish() {
    writeCounts();
    session.flush();
  }

  private void change(SeenOperation operation, SeenKey key, Consumer<? super SeenOutcome> answer) {
    if (!hasRoom(answer)) {
      return;
    }
    Seen before = peek(key);
    SeenOutcome outcome = ask(operation);
    removeEvicted();
    Seen after = peek(key);
    if (isSameWindow(before, after)) {
      if (after != null && !pending.containsKey(key.fingerprint())) {
        recount(key);
      }
      answer(key, outcome, answer);
    } else {
      write(key, before, after).keep(outcome, answer);
    }
  }

  /** After what was written of them, and before what will be. */
  private void removeEvicted() {
    if (!evicted.isEmpty()) {
      evicted.forEach(session::submit);
      evicted.clear();
      round++;
    }
  }

  private static boolean isSameWindow(@Nullable Seen before, @Nullable Seen after) {
    if (before == null || after == null) {
      return before == null && after == null;
    }
    return before.firstSeenAt() == after.firstSeenAt()
        && before.expiresAt() == after.expiresAt()
        && before.times() <= after.times();
  }

  private boolean hasRoom(Consumer<? super SeenOutcome> answer) {
    if (session.isFull() || waiting >= SqliteSession.MAX_TASKS) {
      answer.accept(
          new SeenOutcome.Failed(new StoreFailure.Busy("too many answers wait for the disk")));
      return false;
    }
    return true;
  }

  /** At once, or when the file has what is known of the key. */
  private void answer(SeenKey key, SeenOutcome outcome, Consumer<? super SeenOutcome> answer) {
    Pending open = pending.get(key.fingerprint());
    if (open == null) {
      answer.accept(outcome);
    } else {
      open.last.keep(outcome, answer);
    }
  }

  private Write write(SeenKey key, @Nullable Seen before, @Nullable Seen after) {
    Pending open = pending.computeIfAbsent(key.fingerprint(), _ -> new Pending(key, before));
    if (open.last != null && open.last.round == round) {
      open.last.after = after; // it has not been handed over
    } else {
      open.last = new Write(open, before, after);
      session.submit(open.last);
    }
    return open.last;
  }

  private void recount(SeenKey key) {
    if (recounted.size() < MAX_COUNTS) {
      recounted.add(key);
    }
  }

  /** Not of keys that are pending: their counts go with the next time that they are seen. */
  private void writeCounts() {
    var counts = new HashMap<Fingerprint, Seen>();
    for (SeenKey key : recounted) {
      Seen seen = peek(key);
      if (seen != null && !pending.containsKey(key.fingerprint())) {
        counts.put(key.fingerprint(), seen);
      }
    }
    recounted.clear();
    if (!counts.isEmpty() && !session.isFull()) {
      session.submit(new Recount(counts));
    }
  }

  private @Nullable Seen peek(SeenKey key) {
    return memory.peek(key, now) instanceof Seen seen ? seen : null;
  }

  private SeenOutcome ask(SeenOperation operation) {
    var outcome = new SeenOutcome[1];
    memory.submit(operation, now, told -> outcome[0] = told); // answers at once
    return outcome[0];
  }

  /** Makes memory say again what the file says. */
  private void restore(Pending open) {
    memory.forget(open.key, now);
    Seen before = open.before;
    if (before != null && before.expiresAt() > now) {
      memory.restore(open.key, before.firstSeenAt(), before.expiresAt(), before.times());
    }
  }

  /** A key of which the file does not have all. */
  private static final class Pending {
    final SeenKey key;

    /** What the file has. */
    @Nullable Seen before;

    /** The last that was submitted. */
    @Nullable Write last;

    Pending(SeenKey key, @Nullable Seen before) {
      this.key = key;
      this.before = before;
    }
  }

  /** An answer that is kept back. */
  private record Kept(SeenOutcome outcome, Consumer<? super SeenOutcome> answer) {}

  /** Brings the file from one state of a key to a later one. */
  private final class Write implements SqliteTask {
    private final Pending key;
    private final long round = SqliteSeenStore.this.round;
    private final @Nullable Seen from;
    private final List<Kept> kept = new ArrayList<>(1);
    private @Nullable Seen after;

    Write(Pending key, @Nullable Seen from, @Nullable Seen after) {
      this.key = key;
      this.from = from;
      this.after = after;
    }

    void keep(SeenOutcome outcome, Consumer<? super SeenOutcome> answer) {
      kept.add(new Kept(outcome, answer));
      waiting++;
    }

    @Override
    public void apply(SqliteFile file) throws SQLException {
      Seen written = after;
      if (from != null && (written == null || written.expiresAt() != from.expiresAt())) {
        SeenTable.remove(file, key.key.fingerprint(), from.expiresAt());
      }
      if (written != null) {
        SeenTable.put(file, key.key, form, written);
      }
    }

    @Override
    public void committed() {
      if (key.last == this) {
        pending.remove(key.key.fingerprint());
      } else {
        key.before = after;
      }
      waiting -= kept.size();
      kept.forEach(each -> each.answer().accept(each.outcome()));
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      if (pending.remove(key.key.fingerprint(), key)) {
        restore(key);
      }
      waiting -= kept.size();
      kept.forEach(each -> each.answer().accept(new SeenOutcome.Failed(why)));
    }
  }

  /**
   * Takes a key out of the file that memory has pushed out. If that fails the row stays until its
   * window ends, and after a restart the key is known again.
   */
  record Evicted(Fingerprint print, long end) implements SqliteTask {
    @Override
    public void apply(SqliteFile file) throws SQLException {
      SeenTable.remove(file, print, end);
    }

    @Override
    public void committed() {}

    @Override
    public void failed(StoreFailure.Unavailable why) {}
  }

  /** Writes how often keys were seen; nobody waits for it. */
  private record Recount(Map<Fingerprint, Seen> counts) implements SqliteTask {
    @Override
    public void apply(SqliteFile file) throws SQLException {
      for (Map.Entry<Fingerprint, Seen> each : counts.entrySet()) {
        SeenTable.count(file, each.getKey(), each.getValue());
      }
    }

    @Override
    public void committed() {}

    @Override
    public void failed(StoreFailure.Unavailable why) {
      // the counts stay too small in the file until the keys are seen again
    }
  }
}
