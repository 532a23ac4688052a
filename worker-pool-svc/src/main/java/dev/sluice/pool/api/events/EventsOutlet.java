package dev.sluice.pool.api.events;

import dev.sluice.service.ProblemException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who watches. Its methods are called by one process. */
public interface EventsOutlet {
  /**
   * Waits until the watcher takes another event.
   *
   * @return false when it has not within the time, or is gone
   */
  boolean awaitReady(Duration patience) throws InterruptedException;

  /** Sends what has happened. */
  void send(EventAnswer event);

  /** Says that nothing has happened. */
  void heartbeat();

  /**
   * Ends well, or early.
   *
   * @param why null: all that there is to tell has been told
   */
  void end(@Nullable ProblemException why);

  /** Ends at once: the watcher takes nothing. */
  void hangUp();
}
