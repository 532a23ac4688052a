package dev.sluice.dedup.process.stream;

import java.util.List;

/**
 * Lets through some of a stream's items. It keeps a bounded number of them: who has offered one in
 * vain keeps it, and offers it again when it is told to read on.
 *
 * <p>Every method is called by the stream's owner, and the outlet is called on it.
 *
 * @param <T> the items' payload
 */
public sealed interface Sieve<T> permits Firsts, Debounce {

  /**
   * Takes one more item.
   *
   * @return false when there is no room now; {@link Outlet#readOn} will be called
   */
  boolean offer(Item<T> item);

  /** Works on what has been offered. To be called when nothing more is at hand. */
  void flush();

  /** Nothing will come any more: what is pending is decided, then {@link Outlet#ended} called. */
  void end();

  /** Whether an item is here of which the outlet will still be told. */
  boolean isPending();

  /** Nobody wants to know any more: the outlet is not called again. */
  void abandon();

  /**
   * Where it goes.
   *
   * @param <T> the items' payload
   */
  interface Outlet<T> {
    /**
     * These pass, in this order.
     *
     * @param upTo all items up to this number are answered, but for those of a {@link Stop} that
     *     follows at once
     */
    void pass(List<Item<T>> items, long upTo);

    /** There is room for more. */
    void readOn();

    /** All is answered; comes once, after {@link Sieve#end}. */
    void ended();

    /** It cannot go on; nothing else comes after this. */
    void stopped(Stop stop);
  }
}
