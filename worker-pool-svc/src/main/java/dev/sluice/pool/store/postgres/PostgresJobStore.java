package dev.sluice.pool.store.postgres;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Shards;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.store.JobStore;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One process's way to the lanes. */
final class PostgresJobStore implements JobStore {
  private static final Logger LOG = Logger.getLogger(PostgresJobStore.class);

  /** How many tasks may wait; more are told that the engine is busy. */
  static final int MAX_TASKS = 65_536;

  /** How many batches may be on their way to a lane; what comes more goes with a later one. */
  static final int WINDOW = 64;

  /** How many events of other kinds may wait. */
  static final int NEWS = 256;

  /** What goes to one lane. */
  private static final class Way {
    final SendChannel<Lane.Message> lane;
    List<Task<?>> next = new ArrayList<>();
    int onTheirWay;

    Way(SendChannel<Lane.Message> lane) {
      this.lane = lane;
    }
  }

  private final String name;
  private final List<Way> ways;
  private final Line line;
  private final Listener listener;
  private final Map<Integer, String> troubles = new TreeMap<>(); // by the place

  /**
   * The lanes of jobs that this store was handed out, as their queues': so what is done with them
   * goes into one transaction with what else is done in the queue, and need not wait for it.
   */
  private final Map<UUID, Integer> running =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Integer> eldest) {
          return size() > MAX_TASKS;
        }
      };

  private int waiting;
  private long asked;
  private long failed;

  /**
   * A store.
   *
   * @param name of the database, as it is shown
   * @param lanes those of queues and jobs, and last the one aside
   */
  PostgresJobStore(
      String name, List<? extends SendChannel<Lane.Message>> lanes, Line line, Listener listener) {
    this.name = name;
    this.ways = lanes.stream().map(lane -> new Way(lane)).toList();
    this.line = line;
    this.listener = listener;
  }

  @Override
  public <R> void submit(Subject subject, Work<R> work, Consumer<Outcome<R>> then) {
    if (isFull()) {
      then.accept(new Outcome.Failed<>(new StoreFailure.Busy("too much waits for the database")));
      return;
    }
    ways.get(wayOf(subject)).next.add(new Task<>(subject, work, then));
    waiting++;
  }

  @Override
  public void flush() {
    ways.forEach(this::flush);
  }

  @Override
  public void collect() {
    for (var event = line.next(); event != null; event = line.next()) {
      handle(event);
    }
  }

  @Override
  public boolean isWaiting() {
    return waiting > 0;
  }

  @Override
  public boolean isFull() {
    return waiting >= MAX_TASKS;
  }

  @Override
  public StoreStatus status() {
    String trouble = troubles.values().stream().findFirst().orElse("");
    var node = new StoreStatus.Node(name, troubles.isEmpty(), trouble);
    return new StoreStatus(List.of(node), asked, failed, 0, 0);
  }

  private int wayOf(Subject subject) {
    int lanes = ways.size() - 1;
    return switch (subject) {
      case Subject.Queue(String queue) -> Shards.shardOf(queue, lanes);
      case Subject.Job(UUID id) -> running.getOrDefault(id, Shards.shardOf(id, lanes));
      case Subject.Any() -> lanes;
    };
  }

  private void flush(Way way) {
    if (way.next.isEmpty() || way.onTheirWay == WINDOW) {
      return; // in the second case with the next that is collected
    }
    List<Task<?>> tasks = way.next;
    try {
      if (!way.lane.trySend(new Lane.Message.Batch(line, tasks))) {
        return;
      }
      asked += tasks.size();
      way.onTheirWay++;
    } catch (ChannelClosedException ended) {
      var why = new StoreFailure.Unavailable(name + " is closed", Duration.ofSeconds(1));
      tasks.forEach(task -> task.fail(why));
      tasks.forEach(this::end);
    }
    way.next = new ArrayList<>();
  }

  private void handle(Line.Event event) {
    switch (event) {
      case Line.Event.Ended(List<Task<?>> tasks, int place, String failure) -> {
        ways.get(place).onTheirWay--;
        note(place, failure);
        tasks.forEach(this::end);
      }
      case Line.Event.Health(int place, String failure) -> note(place, failure);
      case Line.Event.Moved(var changes) -> tell(() -> listener.changed(changes));
      case Line.Event.Heard(News news) -> tell(() -> listener.changedElsewhere(news));
    }
  }

  private void note(int place, @Nullable String failure) {
    if (failure == null) {
      troubles.remove(place);
    } else {
      troubles.put(place, failure);
    }
  }

  private void end(Task<?> task) {
    waiting--;
    if (task.isFailed()) {
      failed++;
    }
    task.changes().forEach(this::follow);
    if (!task.changes().isEmpty()) {
      tell(() -> listener.changed(task.changes()));
    }
    tell(task::tell);
  }

  private void follow(Change change) {
    if (change.to() == JobState.RUNNING) {
      running.put(change.id(), Shards.shardOf(change.queue(), ways.size() - 1));
    } else {
      running.remove(change.id());
    }
  }

  /** One who throws is not to keep the others from being told. */
  private void tell(Runnable told) {
    try {
      told.run();
    } catch (RuntimeException bad) {
      LOG.errorf(bad, "who works with %s has not taken what has happened", name);
    }
  }
}
