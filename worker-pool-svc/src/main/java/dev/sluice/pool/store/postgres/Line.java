package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Channel;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.store.JobStore.News;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way back to a store. Lanes and the ear have it, the store reads it. */
final class Line {
  /** Has room for all batches that may be on their way. */
  private final Channel<Event.Ended> ends;

  /** All else, of which what finds no room is lost. */
  private final Channel<Event> news;

  private final Runnable wake;

  /** What a store is told. */
  sealed interface Event {
    /**
     * A batch has its outcomes.
     *
     * @param tasks all of one submit, in order
     * @param place which lane
     * @param failure why the lane cannot do anything at the moment; null: it can
     */
    record Ended(List<Task<?>> tasks, int place, @Nullable String failure) implements Event {}

    /**
     * A connection was lost or made.
     *
     * @param place whose
     * @param failure why it is not there; null: it is
     */
    record Health(int place, @Nullable String failure) implements Event {}

    /** This instance has moved jobs out of the outbox. */
    record Moved(List<Change> changes) implements Event {}

    /** Another instance has done something. */
    record Heard(News news) implements Event {}
  }

  Line(Channel<Event.Ended> ends, Channel<Event> news, Runnable wake) {
    this.ends = ends;
    this.news = news;
    this.wake = wake;
  }

  /**
   * The next event; ends of batches come first, for what was told of a connection after them is
   * what holds.
   */
  @Nullable Event next() {
    Event end = ends.tryReceive();
    return end == null ? news.tryReceive() : end;
  }

  /**
   * Tells, if there is room: for the ends of batches there is.
   *
   * @return whether there was
   */
  boolean tell(Event event) {
    boolean told =
        switch (event) {
          case Event.Ended ended -> ends.trySend(ended);
          case Event.Health _, Event.Moved _, Event.Heard _ -> news.trySend(event);
        };
    if (told) {
      wake.run();
    }
    return told;
  }
}
