package dev.sluice.mesh.remote.link;

/**
 * Makes of one message those that travel, in order.
 *
 * @param <M> the process's
 * @param <P> the stream's
 */
@FunctionalInterface
interface Encoder<M, P> {
  void encode(M message, Sink<P> to) throws InterruptedException;

  /** Where they go. */
  @FunctionalInterface
  interface Sink<P> {
    /** Waits until the stream takes more; does nothing when it has ended. */
    void send(P message) throws InterruptedException;
  }
}
