package dev.sluice.mesh.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * For how long a worker may act for its shards. It has until two heartbeats after it <em>sent</em>
 * the last beat that the supervisor has acknowledged; the supervisor gives its shards to others two
 * heartbeats after it <em>received</em> that beat, or a later one. So a worker that is held up, or
 * cut off, has stopped by itself before anybody else begins, and no two clocks are compared. Owned
 * by the worker's process; times are the clock's nanoseconds.
 */
final class Lease {
  /** So many heartbeats without an acknowledged beat, and it has lapsed. */
  static final int HEARTBEATS = 2;

  private final long heartbeat;
  private final Deque<Sent> sent = new ArrayDeque<>();
  private long number;
  private long nextBeat;
  private boolean isGranted;
  private long until;

  /** A beat that is not acknowledged. */
  private record Sent(long number, long at) {}

  /** None yet; the first beat is due now. */
  Lease(Duration heartbeat, long now) {
    this.heartbeat = heartbeat.toNanos();
    this.nextBeat = now;
  }

  /** Whether the worker may run and answer. */
  boolean isValid(long now) {
    return isGranted && now - until < 0;
  }

  boolean isBeatDue(long now) {
    return now - nextBeat >= 0;
  }

  /** How long until the next beat is due. */
  long untilBeat(long now) {
    return nextBeat - now;
  }

  /**
   * The next beat's number; it is sent now. A beat that is late is not followed by another at once.
   */
  long beat(long now) {
    nextBeat = now + heartbeat;
    while (!sent.isEmpty() && now - sent.element().at >= HEARTBEATS * heartbeat) {
      sent.remove(); // its acknowledgement would be of no use
    }
    sent.add(new Sent(++number, now));
    return number;
  }

  /**
   * The supervisor has received the beat of that number; an older one or a stranger's is nothing.
   */
  void acknowledged(long acknowledged) {
    while (!sent.isEmpty() && sent.element().number <= acknowledged) {
      Sent beat = sent.remove();
      if (beat.number == acknowledged) {
        isGranted = true;
        until = beat.at + HEARTBEATS * heartbeat;
      }
    }
  }
}
