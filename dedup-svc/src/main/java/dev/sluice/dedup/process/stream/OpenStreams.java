package dev.sluice.dedup.process.stream;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Scope;

/**
 * Bounds how many streams are open: a channel with one place a stream, so that the channel's
 * metrics say how many there are. May be used by any thread, and never waits.
 */
public final class OpenStreams {
  private enum Place {
    TAKEN
  }

  private final Channel<Place> places;
  private final int max;

  /**
   * @param scope where the channel is listed, as {@code streams}
   * @param max how many may be open at once
   */
  public OpenStreams(Scope scope, int max) {
    this.places = scope.port("streams", max);
    this.max = max;
  }

  /**
   * Takes a place.
   *
   * @return false when none is free
   * @throws ChannelClosedException no more streams are opened
   */
  public boolean tryOpen() {
    return places.trySend(Place.TAKEN);
  }

  /** Gives a place back. */
  public void close() {
    places.tryReceive();
  }

  /** Lets no more streams open; those that are open stay so. */
  public void refuseFurther() {
    places.tryClose();
  }

  /** How many may be open at once. */
  public int max() {
    return max;
  }
}
