package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many do something at once: a buffered channel with one place a permit. To acquire is
 * to put something in, which waits while it is full; to release is to take something out.
 *
 * <pre>
 *   acquire() --send--> [permits] --tryReceive--> release()
 * </pre>
 *
 * <pre>{@code
 * try (var _ = semaphore.acquire()) {
 *   fetch(page);
 * }
 * }</pre>
 *
 * <p>Whoever waits is served first come, first served. May be used by any process.
 */
public final class Semaphore {

  private enum Place {
    TAKEN
  }

  private final Channel<Place> held;

  private Semaphore(Channel<Place> held) {
    this.held = held;
  }

  /**
   * A semaphore of which nothing is held. It has no process, only a channel in the scope, so that a
   * dump names those who wait for it.
   *
   * @param scope where its channel is listed; by its clock the time limits go
   * @param name the channel's name
   * @param permits how many can be held at once; at least 1
   * @return the semaphore
   * @throws IllegalArgumentException {@code permits} is less than 1, or the name is taken
   */
  public static Semaphore in(Scope scope, String name, int permits) {
    return new Semaphore(
        scope.port(name, Require.atLeast(1, permits, "the number of permits"))); // for anybody
  }

  /**
   * Acquires a permit, waiting for it.
   *
   * @return the permit, to be released by the caller
   * @throws InterruptedException this thread was interrupted; nothing was acquired
   */
  public Permit acquire() throws InterruptedException {
    held.send(Place.TAKEN);
    return new Permit(held);
  }

  /**
   * Acquires a permit if that needs no waiting.
   *
   * @return the permit, to be released by the caller; null when all are held
   */
  public @Nullable Permit tryAcquire() {
    return held.trySend(Place.TAKEN) ? new Permit(held) : null;
  }

  /**
   * Acquires a permit, waiting at most {@code limit} (zero or negative: not at all) by the scope's
   * clock.
   *
   * @param limit how long to wait at most
   * @return the permit, to be released by the caller; null when the limit ran out
   * @throws InterruptedException as for {@link #acquire}
   */
  public @Nullable Permit tryAcquire(Duration limit) throws InterruptedException {
    return held.trySend(Place.TAKEN, limit) ? new Permit(held) : null;
  }

  /** {@return how many permits are held at this moment} */
  public int held() {
    return held.stats().depth();
  }

  /**
   * The right to go on, owned by the process that has acquired it; it may be handed to another over
   * a channel, and is then that one's to release.
   */
  public static final class Permit implements AutoCloseable {
    private final Channel<Place> held;
    private boolean released;

    private Permit(Channel<Place> held) {
      this.held = held;
    }

    /**
     * Gives the permit back.
     *
     * @throws IllegalStateException it has been given back already; nothing was released
     */
    public void release() {
      if (released) {
        throw new IllegalStateException("this permit is not held: it has been released already");
      }
      released = true;
      held.tryReceive();
    }

    /** {@link #release}. */
    @Override
    public void close() {
      release();
    }
  }
}
