package dev.sluice.bench;

import org.jspecify.annotations.Nullable;

/** A channel, whoever's it is, as the virtual threads see it. */
interface Pipe {

  /** The channel itself. */
  Object channel();

  void send(Integer value) throws InterruptedException;

  Integer receive() throws InterruptedException;

  default boolean trySend(Integer value) throws InterruptedException {
    throw new UnsupportedOperationException(this + " has no try");
  }

  default @Nullable Integer tryReceive() throws InterruptedException {
    throw new UnsupportedOperationException(this + " has no try");
  }
}
