package dev.sluice.mesh.process.router;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.process.Dialer;
import dev.sluice.mesh.process.Link;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The router's link to the supervisor, and the one for its signs of life; both are dialled again
 * when they end. Owned by the router.
 */
final class SupervisorLink {
  private static final long FIRST_BACKOFF = Duration.ofMillis(20).toNanos();
  private static final long LONGEST_BACKOFF = Duration.ofMillis(500).toNanos();

  /** After so many heartbeats without an acknowledgement the supervisor cannot be reached. */
  private static final int PATIENCE = 4;

  private final String router;
  private final Dialer dialer;
  private @Nullable Link<RouterReport, RouterOrder> control;
  private @Nullable Link<Beat, BeatAck> beats;
  private boolean isWelcome;
  private long beat;
  private int unanswered;
  private long dialAt;
  private long backoff = FIRST_BACKOFF;

  /**
   * @param now when it is to be dialled first
   */
  SupervisorLink(String router, Dialer dialer, long now) {
    this.router = router;
    this.dialer = dialer;
    this.dialAt = now;
  }

  /** Whether the supervisor has welcomed the router over the link that there is. */
  boolean isThere() {
    return isWelcome;
  }

  /** Where orders come from; null while there is no link. */
  @Nullable ReceiveChannel<RouterOrder> orders() {
    return control == null ? null : control.in();
  }

  /** How long until it is to be dialled; null while there is a link. */
  @Nullable Duration untilDial(long now) {
    return control == null ? Duration.ofNanos(Math.max(0, dialAt - now)) : null;
  }

  void dial(RouterJoin join) {
    control = dialer.join(join);
    unanswered = 0;
  }

  /** It has said something. */
  void hear() {
    unanswered = 0;
  }

  void welcome() {
    isWelcome = true;
    backoff = FIRST_BACKOFF;
  }

  /** The link has ended, or is of no use. */
  void cut(long now) {
    if (control != null) {
      control.cut().run();
      control = null;
      isWelcome = false;
      dialAt = now + backoff;
      backoff = Math.min(2 * backoff, LONGEST_BACKOFF);
    }
    cutBeats();
  }

  private void cutBeats() {
    if (beats != null) {
      beats.cut().run();
      beats = null;
    }
  }

  /** A heartbeat has passed: gives a sign of life. */
  void tick(RouterCounts counts, long now) {
    if (control == null) {
      return;
    }
    if (isWelcome) {
      beat();
      trySend(control.out(), new RouterReport.Counts(counts));
    }
    if (++unanswered > PATIENCE) {
      cut(now);
    }
  }

  private void beat() {
    if (beats != null) {
      while (beats.in().tryReceive() != null) {
        unanswered = 0;
      }
      if (beats.in().isClosedForReceive()) {
        cutBeats();
      }
    }
    if (beats == null) {
      beats = dialer.beats();
    }
    trySend(beats.out(), new Beat(router, 0, ++beat));
  }

  /** All is done: says so, and ends the links in good order. */
  void drained() {
    if (control != null) {
      trySend(control.out(), new RouterReport.Drained());
      control.out().tryClose();
    }
    if (beats != null) {
      beats.out().tryClose();
    }
  }

  /** What has no room is not sent: the next says the same. */
  private static <M> void trySend(SendChannel<M> out, M message) {
    try {
      out.trySend(message);
    } catch (ChannelClosedException _) {
      // that the link has ended is seen where it is read
    }
  }
}
