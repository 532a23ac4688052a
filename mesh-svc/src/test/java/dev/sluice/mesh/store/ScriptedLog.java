package dev.sluice.mesh.store;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.mesh.store.RequestLog.Entry;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request log that a test moves by hand, on its thread: what was flushed becomes durable by
 * {@link #commit}, and is told when the router collects. Opening it again is a crash: what was not
 * committed is lost, what was not told never will be.
 */
public final class ScriptedLog implements RequestLog.Engine {
  private final SequencedMap<String, Row> rows = new LinkedHashMap<>();
  private Session session = new Session(() -> {});

  /** Whether all is committed at once when it is flushed. */
  public boolean isPrompt = true;

  /** What the engine fails with; null while it works. */
  public @Nullable StoreFailure failure;

  /** Whether the engine keeps what it says it has failed to keep. */
  public boolean keepsWhatItFails;

  private record Row(Entry entry, boolean isOwn) {}

  @Override
  public RequestLog open(String router, Runnable wake) {
    session = new Session(wake);
    return session;
  }

  /** Makes durable what was flushed. */
  public void commit() {
    session.commit();
  }

  /** What is durable. */
  public @Nullable Entry row(String id) {
    Row row = rows.get(id);
    return row == null ? null : row.entry;
  }

  /** Those that are durable, by id. */
  public Map<String, Entry> content() {
    var content = new LinkedHashMap<String, Entry>();
    rows.forEach((id, row) -> content.put(id, row.entry));
    return content;
  }

  /** Another router has accepted a request. */
  public void acceptElsewhere(Request request) {
    rows.putLast(request.id(), new Row(new Entry(request, null), false));
  }

  /** Another router has answered a request. */
  public void finishElsewhere(String id, Outcome outcome) {
    rows.compute(id, (_, row) -> new Row(new Entry(row.entry.request(), outcome), false));
  }

  /** What other routers have accepted and not answered is this one's from now on. */
  public void adopt() {
    var adopted = new ArrayList<Request>();
    for (Map.Entry<String, Row> each : rows.entrySet()) {
      Row row = each.getValue();
      if (!row.isOwn && row.entry.outcome() == null) {
        each.setValue(new Row(row.entry, true));
        adopted.add(row.entry.request());
      }
    }
    session.tell(() -> session.adopted.accept(adopted));
  }

  @Override
  public void close() {}

  private final class Session implements RequestLog {
    private final Runnable wake;
    private final Queue<Runnable> asked = new ArrayDeque<>();
    private final Queue<Runnable> flushed = new ArrayDeque<>();
    private final Queue<Runnable> told = new ArrayDeque<>();
    private Consumer<List<Request>> adopted = _ -> {};

    Session(Runnable wake) {
      this.wake = wake;
    }

    @Override
    public List<Request> recover() {
      return rows.values().stream()
          .filter(row -> row.isOwn && row.entry.outcome() == null)
          .map(row -> row.entry.request())
          .toList();
    }

    @Override
    public boolean hasHistory() {
      return !rows.isEmpty();
    }

    @Override
    public void accept(Request request, Consumer<Accepted> then) {
      asked.add(() -> {
        Accepted accepted = accept(request);
        tell(() -> then.accept(accepted));
      });
    }

    private Accepted accept(Request request) {
      Row known = rows.get(request.id());
      boolean fails = failure != null;
      if (known == null && (!fails || keepsWhatItFails)) {
        rows.putLast(request.id(), new Row(new Entry(request, null), true));
      }
      if (fails) {
        return new Accepted.Failed(failure);
      }
      return known == null
          ? new Accepted.Kept()
          : new Accepted.Known(known.entry.request(), known.entry.outcome(), known.isOwn);
    }

    @Override
    public void finish(String id, Outcome outcome) {
      asked.add(() ->
          rows.computeIfPresent(
              id, (_, row) -> new Row(new Entry(row.entry.request(), outcome), row.isOwn)));
    }

    @Override
    public void find(String id, Consumer<@Nullable Entry> then, Consumer<StoreFailure> failed) {
      asked.add(() -> {
        Entry found = row(id);
        StoreFailure fails = failure;
        tell(fails == null ? () -> then.accept(found) : () -> failed.accept(fails));
      });
    }

    @Override
    public void onAdopted(Consumer<List<Request>> then) {
      adopted = then;
    }

    @Override
    public void flush() {
      flushed.addAll(asked);
      asked.clear();
      if (isPrompt) {
        commit();
      }
    }

    void commit() {
      for (Runnable next = flushed.poll(); next != null; next = flushed.poll()) {
        next.run();
      }
    }

    void tell(Runnable what) {
      told.add(what);
      wake.run();
    }

    @Override
    public void collect() {
      for (Runnable next = told.poll(); next != null; next = told.poll()) {
        next.run();
      }
    }

    @Override
    public boolean isWaiting() {
      return !asked.isEmpty() || !flushed.isEmpty() || !told.isEmpty();
    }

    @Override
    public StoreStatus status() {
      return StoreStatus.LOCAL;
    }
  }
}
