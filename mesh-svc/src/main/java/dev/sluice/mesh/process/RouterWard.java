package dev.sluice.mesh.process;

import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A router in the supervisor's care; owned by the supervisor. Times are the clock's nanoseconds.
 */
final class RouterWard {
  final String name;

  /** How it is launched; null when nobody here does. */
  final @Nullable Launching launching;

  /** Where workers reach it; null when it has never joined. */
  @Nullable RouterAddress address;

  /** What its launcher gave the process that joined last. */
  long launch;

  @Nullable Long pid;

  /** Its control link; null while it has none. */
  @Nullable Outbox<RouterOrder> orders;

  /** Since when it has none. */
  long unlinkedSince;

  /** Whether its present process has joined. */
  boolean hasJoined;

  /** Whether its present process has been told to end, because it is stuck. */
  boolean isKilled;

  /** Whether it takes no more requests and has finished all. */
  boolean isDrained;

  /** Whether it has ever beaten. */
  boolean hasBeaten;

  long lastBeat;
  @Nullable RouterCounts counts;

  RouterWard(String name, @Nullable Launching launching) {
    this.name = name;
    this.launching = launching;
  }

  boolean isLinked() {
    return orders != null;
  }

  void tell(RouterOrder order, long now) {
    if (orders != null) {
      orders.send(order, now);
    }
  }

  void beaten(long now) {
    hasBeaten = true;
    lastBeat = now;
  }

  void unlink(long now) {
    orders = null;
    unlinkedSince = now;
  }

  /** Whether a process joins of which one can tell that it is the one that has joined before. */
  boolean is(RouterJoin join) {
    return join.address().equals(address)
        && join.launch() == launch
        && Objects.equals(join.pid(), pid);
  }
}
