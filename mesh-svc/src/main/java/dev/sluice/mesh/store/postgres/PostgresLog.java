package dev.sluice.mesh.store.postgres;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog;
import dev.sluice.mesh.store.Unwritten;
import dev.sluice.mesh.store.postgres.LogTask.Accept;
import dev.sluice.mesh.store.postgres.LogTask.Find;
import dev.sluice.mesh.store.postgres.LogTask.Finish;
import dev.sluice.mesh.store.postgres.LogTask.Found;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The router's side: it knows where its unanswered requests are. Owned by the router's process. */
final class PostgresLog implements RequestLog {
  /** How many tasks may wait for the lane. */
  private static final int MAX_TASKS = 65_536;

  private final PostgresSettings settings;
  private final String router;
  private final Lane lane;

  /** The numbers of this router's unanswered requests, by id. */
  private final Map<String, Long> open = new HashMap<>();

  /** Outcomes that the server has not taken. */
  private final Unwritten<Finish> unwritten = new Unwritten<>();

  private Consumer<List<Request>> adopted = _ -> {};
  private List<LogTask> next = new ArrayList<>();
  private List<Runnable> told = new ArrayList<>();
  private final Runnable wake;
  private final Set<Long> finishing = new HashSet<>();
  private boolean hasHistory;
  private int onTheirWay; // batches
  private int waiting; // tasks
  private @Nullable String failure;
  private long asked;
  private long failed;

  PostgresLog(PostgresSettings settings, String router, Lane lane, Runnable wake) {
    this.settings = settings;
    this.router = router;
    this.lane = lane;
    this.wake = wake;
  }

  /**
   * {@inheritDoc}
   *
   * @throws PostgresException the server does not answer
   */
  @Override
  public List<Request> recover() {
    try (Link link = Link.open(settings)) {
      var rows = new LogRows(link, router);
      rows.renew(); // so that nobody takes them away meanwhile
      hasHistory = rows.hasHistory();
      List<Found> found = rows.open();
      link.commit();
      return learn(found);
    } catch (SQLException failure) {
      throw PostgresException.of(settings, failure);
    }
  }

  /** {@return those that were not known, nor have an outcome that is still to be written} */
  private List<Request> learn(List<Found> all) {
    var fresh = new ArrayList<Request>();
    for (Found found : all) {
      if (!finishing.contains(found.seq())
          && open.putIfAbsent(found.entry().request().id(), found.seq()) == null) {
        fresh.add(found.entry().request());
      }
    }
    return fresh;
  }

  @Override
  public boolean hasHistory() {
    return hasHistory;
  }

  @Override
  public void accept(Request request, Consumer<Accepted> then) {
    if (isFull()) {
      var busy = new StoreFailure.Busy("too many requests wait for the database");
      told.add(() -> then.accept(new Accepted.Failed(busy)));
    } else {
      submit(new Accept(request, then));
    }
  }

  @Override
  public void finish(String id, Outcome outcome) {
    Long seq = open.remove(id);
    if (seq != null) {
      finishing.add(seq);
      submit(new Finish(seq, outcome));
    }
  }

  @Override
  public void find(String id, Consumer<@Nullable Entry> then, Consumer<StoreFailure> failed) {
    if (isFull()) {
      told.add(() -> failed.accept(new StoreFailure.Busy("too much waits for the database")));
    } else {
      submit(new Find(id, then, failed));
    }
  }

  @Override
  public void onAdopted(Consumer<List<Request>> adopted) {
    this.adopted = adopted;
  }

  private boolean isFull() {
    return waiting >= MAX_TASKS;
  }

  private void submit(LogTask task) {
    if (task instanceof Finish finish && isFull()) {
      unwritten.add(finish, finish.outcome());
    } else {
      next.add(task);
      waiting++;
    }
  }

  @Override
  public void flush() {
    if (!told.isEmpty()) {
      wake.run();
    }
    if (next.isEmpty() || onTheirWay == Lane.WINDOW || !lane.tasks().trySend(next)) {
      return; // in the latter cases it goes with the next that is collected
    }
    onTheirWay++;
    asked += next.size();
    next = new ArrayList<>();
  }

  @Override
  public void collect() {
    for (Lane.Event event = lane.event(); event != null; event = lane.event()) {
      switch (event) {
        case Lane.Event.Ended(List<LogTask> tasks, @Nullable String why) -> {
          onTheirWay--;
          waiting -= tasks.size();
          failure = why;
          tasks.forEach(this::end);
        }
        case Lane.Event.Health(@Nullable String why) -> failure = why;
        case Lane.Event.Open(List<Found> all) -> {
          List<Request> fresh = learn(all);
          if (!fresh.isEmpty()) {
            adopted.accept(fresh);
          }
        }
      }
    }
    List<Runnable> all = told;
    told = new ArrayList<>();
    all.forEach(Runnable::run);
    if (failure == null && !unwritten.isEmpty()) {
      unwritten.takeAll().forEach(this::submit);
      flush();
    }
  }

  private void end(LogTask task) {
    failed += task.failure() == null ? 0 : 1;
    switch (task) {
      case Accept accept -> {
        if (accept.openSeq() > 0) {
          open.put(accept.request().id(), accept.openSeq());
        }
        accept.tell();
      }
      case Finish finish -> {
        if (finish.failure() != null && !finish.isHopeless()) {
          unwritten.add(finish.again(), finish.outcome());
        } else {
          finishing.remove(finish.seq());
        }
      }
      case Find find -> find.tell();
    }
  }

  @Override
  public boolean isWaiting() {
    return waiting > 0 || !told.isEmpty();
  }

  @Override
  public StoreStatus status() {
    String why = failure;
    var node = new StoreStatus.Node(settings.toString(), why == null, why == null ? "" : why);
    return new StoreStatus(List.of(node), asked, failed, 0, 0);
  }
}
