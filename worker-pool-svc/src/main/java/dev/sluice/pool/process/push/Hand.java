package dev.sluice.pool.process.push;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.pool.model.LeasedJob;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A job in the hands of the service, from its lease to its end. But for what a worker reads, it is
 * owned by the dispatcher.
 */
public final class Hand {
  /** How far it has come. */
  enum State {
    /** Its host has to have room first. */
    HELD,
    /** Its call counts as begun, and waits for a worker. */
    READY,
    /** A worker calls. */
    CALLING,
    /** It is not the service's any more. */
    GONE
  }

  final PushQueue queue;
  final LeasedJob job;
  final String host;

  /** Until when its call is to begin. */
  final long heldUntil;

  private final Channel<Void> stop = Channel.rendezvous();

  State state = State.HELD;

  /** While held: when to ask for its host. */
  long askAt;

  /** While calling: since when. */
  long begunAt;

  private Duration timeout = Duration.ZERO;

  Hand(PushQueue queue, LeasedJob job, String host, long heldUntil) {
    this.queue = queue;
    this.job = job;
    this.host = host;
    this.heldUntil = heldUntil;
  }

  /** Before it is given to a worker. */
  void call(Duration atMost, long now) {
    timeout = atMost;
    begunAt = now;
  }

  /** Has the call broken off. */
  void stop() {
    stop.tryClose();
  }

  // What a worker reads

  LeasedJob job() {
    return job;
  }

  Duration timeout() {
    return timeout;
  }

  @Nullable String secret() {
    return secret;
  }

  /** Closed when the call is to be broken off. */
  ReceiveChannel<Void> stopped() {
    return stop;
  }

  private @Nullable String secret;

  void sign(@Nullable String with) {
    secret = with;
  }
}
