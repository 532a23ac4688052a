package dev.sluice.mesh.process;

import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker in the supervisor's care; owned by the supervisor. Times are the clock's nanoseconds.
 */
final class Ward {
  final String name;

  /** How it is launched; null when nobody here does. */
  final @Nullable Launching launching;

  String group = "";
  WorkerState state;

  /** Whether a process of it has joined and counts. */
  boolean isPresent;

  /** Which that is; the last one when none is present. */
  long incarnation;

  /** What its launcher gave that process. */
  long launch;

  @Nullable Long pid;

  /** Its control link; null while it has none. */
  @Nullable Outbox<WorkerOrder> orders;

  /** Since when it has none. */
  long unlinkedSince;

  /** By which it beats; null when it has not yet. */
  @Nullable Link<BeatAck, Beat> beats;

  long lastBeat;

  /** From when on its silence is counted: its last beat, or later when the judge came late. */
  long judgedFrom;

  /** When it last said something over its control link. */
  long lastReport;

  /** Until when it may own anything, for all that it has been told. */
  long leaseUntil;

  /** Before then its beats are not acknowledged: somebody else may own what is its. */
  long leaseFrom;

  /** The epochs of shards that are not its, which it has been told to let go. */
  final Map<Integer, Long> strays = new HashMap<>();

  /** When it was told the last of those. */
  long strayedAt;

  /** Why its last process was given up. */
  @Nullable String reason;

  /** Since when it is {@link WorkerState#GONE}. */
  long goneSince;

  Ward(String name, @Nullable Launching launching) {
    this.name = name;
    this.launching = launching;
    this.state = launching == null ? WorkerState.GONE : WorkerState.RESTARTING;
  }

  WorkerId id() {
    return new WorkerId(name, incarnation);
  }

  /** Whether that is the process that is present. */
  boolean is(long its) {
    return isPresent && incarnation == its;
  }

  /** Whether shards are to be its. */
  boolean isCandidate() {
    return isPresent && state == WorkerState.LIVE;
  }

  /** Whether it can be told something. */
  boolean isLinked() {
    return orders != null;
  }

  void tell(WorkerOrder order, long now) {
    if (orders != null) {
      orders.send(order, now);
    }
  }

  void beaten(long now) {
    lastBeat = now;
    judgedFrom = now;
  }

  /** Whether its beats are to be acknowledged. */
  boolean mayHold(long now) {
    return strays.isEmpty() && now - leaseFrom >= 0;
  }

  void unlink(long now) {
    orders = null;
    unlinkedSince = now;
  }
}
