package dev.sluice.mesh.store.postgres;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.mesh.store.RequestLog.Entry;
import dev.sluice.store.StoreFailure;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a lane is asked, on its way there and back: it is handed over, so it needs no lock. */
abstract sealed class LogTask {
  private @Nullable StoreFailure failure;

  /** Says that it has failed. */
  final void fail(StoreFailure why) {
    failure = why;
  }

  /** Why it has failed; null: it has not. */
  final @Nullable StoreFailure failure() {
    return failure;
  }

  /** Forgets what an attempt has brought that was undone. */
  abstract void reset();

  /** A row, with where it is. */
  record Found(long seq, boolean isMine, Entry entry) {}

  /** To keep a request. */
  static final class Accept extends LogTask {
    private final Request request;
    private final Consumer<Accepted> then;
    private long seq;
    private @Nullable Found known;

    Accept(Request request, Consumer<Accepted> then) {
      this.request = request;
      this.then = then;
    }

    Request request() {
      return request;
    }

    void kept(long at) {
      seq = at;
    }

    void known(Found found) {
      known = found;
    }

    /** Where it is if it is this router's to finish, or 0. */
    long openSeq() {
      if (failure() != null) {
        return 0;
      }
      Found found = known;
      return found == null
          ? seq
          : found.isMine() && found.entry().outcome() == null ? found.seq() : 0;
    }

    @Override
    void reset() {
      seq = 0;
      known = null;
    }

    void tell() {
      StoreFailure why = failure();
      Found found = known;
      if (why != null) {
        then.accept(new Accepted.Failed(why));
      } else if (found != null) {
        then.accept(
            new Accepted.Known(found.entry().request(), found.entry().outcome(), found.isMine()));
      } else {
        then.accept(new Accepted.Kept());
      }
    }
  }

  /** To keep an outcome. */
  static final class Finish extends LogTask {
    private final long seq;
    private final Outcome outcome;
    private boolean hopeless;

    Finish(long seq, Outcome outcome) {
      this.seq = seq;
      this.outcome = outcome;
    }

    long seq() {
      return seq;
    }

    Outcome outcome() {
      return outcome;
    }

    /** Says that it would fail again. */
    void giveUp() {
      hopeless = true;
    }

    boolean isHopeless() {
      return hopeless;
    }

    @Override
    void reset() {}

    /** The same, to be tried anew. */
    Finish again() {
      return new Finish(seq, outcome);
    }
  }

  /** To look for a request. */
  static final class Find extends LogTask {
    private final String id;
    private final Consumer<@Nullable Entry> then;
    private final Consumer<StoreFailure> failed;
    private @Nullable Entry found;

    Find(String id, Consumer<@Nullable Entry> then, Consumer<StoreFailure> failed) {
      this.id = id;
      this.then = then;
      this.failed = failed;
    }

    String id() {
      return id;
    }

    void found(Entry entry) {
      found = entry;
    }

    @Override
    void reset() {
      found = null;
    }

    void tell() {
      StoreFailure why = failure();
      if (why == null) {
        then.accept(found);
      } else {
        failed.accept(why);
      }
    }
  }
}
