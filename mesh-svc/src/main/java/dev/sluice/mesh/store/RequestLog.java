package dev.sluice.mesh.store;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a router keeps its accepted requests until they are answered, and for some time what became
 * of them. Owned by the router's process, and used by it only; nothing waits: what is asked is kept
 * for the next {@link #flush}, done in that order, many in one transaction, and told within {@link
 * #collect}.
 */
public interface RequestLog {

  /** What came of accepting. */
  sealed interface Accepted {
    /** It is durable. */
    record Kept() implements Accepted {}

    /**
     * The log knew the id: for this request, with what became of it (null: not answered yet).
     *
     * @param isOwn whether this router is to have it answered; else another one is
     */
    record Known(Request request, @Nullable Outcome outcome, boolean isOwn) implements Accepted {
      /** This router's. */
      public Known(Request request, @Nullable Outcome outcome) {
        this(request, outcome, true);
      }
    }

    /** It is not kept; of {@link StoreFailure.Unavailable} nobody knows. */
    record Failed(StoreFailure why) implements Accepted {}
  }

  /** A request of the log, with what became of it (null: not answered yet). */
  record Entry(Request request, @Nullable Outcome outcome) {}

  /**
   * What was accepted and has no outcome, in the order of acceptance; waits. Called once, before
   * anything else.
   */
  List<Request> recover();

  /** Whether the log has ever kept a request. */
  boolean hasHistory();

  /** Keeps a request. */
  void accept(Request request, Consumer<Accepted> then);

  /**
   * Keeps what became of a request. Tried again for as long as the engine is away; nobody is told.
   */
  void finish(String id, Outcome outcome);

  /**
   * Looks for a request.
   *
   * @param then told the entry, or null when the log does not know it
   * @param failed told why it could not look
   */
  void find(String id, Consumer<@Nullable Entry> then, Consumer<StoreFailure> failed);

  /**
   * Requests of other routers that have died, which are this one's from now on; told within {@link
   * #collect} by the engine when that happens. In PostgreSQL only. After an outage also its own, of
   * which it was not known whether they were kept; and, at times, one whose outcome has just been
   * written: to {@link #finish} it again does no harm.
   */
  void onAdopted(Consumer<List<Request>> adopted);

  /** Hands over what was asked. */
  void flush();

  /** Tells what has happened. */
  void collect();

  /** Whether something was asked and not told. */
  boolean isWaiting();

  /** How the engine is. */
  StoreStatus status();

  /** An engine. */
  interface Engine extends AutoCloseable {
    /**
     * Opens a router's log.
     *
     * @param router whose
     * @param wake makes the router call {@link #collect} soon; called by any thread, does not wait
     */
    RequestLog open(String router, Runnable wake);

    /** Ends it, when those who use it have ended: what was handed over is done. */
    @Override
    void close();
  }
}
