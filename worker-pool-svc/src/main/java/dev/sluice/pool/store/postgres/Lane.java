package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.pool.model.Change;
import dev.sluice.store.StoreFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The process that has one connection, with group commit: it takes all that waits, does it in one
 * transaction, and then tells everybody. While the server flushes its log, the next group gathers.
 *
 * <p>A transaction that comes in the way of another is done again, some times. One that fails
 * otherwise is done again in halves, so that what makes it fail in the end fails alone. When the
 * connection is lost before the commit was sent, nothing has happened, and it is done once more on
 * a new one if there is one at once; after that nobody knows.
 *
 * <p>Its heart is not watched: it waits for a server elsewhere, and to be restarted would not help
 * against a server that does not answer; the store's status says so instead. Each wait ends: by
 * {@link PostgresSettings#TIMEOUT}.
 *
 * <p>It has a platform thread, which is no slower: in a native executable a virtual one may not
 * hear that its socket can be read.
 *
 * @see <a href="https://github.com/oracle/graal/issues/13787">Socket.read on virtual thread can
 *     sometimes wait forever</a>
 */
final class Lane {
  private static final Logger LOG = Logger.getLogger(Lane.class);

  /** After how many tasks a transaction takes no further batch. */
  private static final int MAX_GROUP = 1_000;

  private static final int MAX_TRIES = 10;
  private static final int INBOX = 256;
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** What a lane is told. */
  sealed interface Message {
    /** A store has something to be done. */
    record Batch(Line line, List<Task<?>> tasks) implements Message {}

    /** A store is there, and wants to know how the lane is. */
    record Join(Line line) implements Message {}

    /** There may be jobs in the outbox. */
    record Move() implements Message {}
  }

  private final int place;
  private final boolean alone;
  private final String name;
  private final PostgresSettings settings;
  private final Desk.Factory desks;
  private final RandomGenerator random;
  private final Channel<Message> inbox;
  private final Pauses pauses;

  // Owned by the lane's process.
  private final List<Line> lines = new ArrayList<>();
  private @Nullable Desk desk;
  private @Nullable String failure;

  private Lane(
      Scope scope,
      int place,
      String name,
      boolean alone,
      PostgresSettings settings,
      Desk.Factory desks,
      RandomGenerator random) {
    this.place = place;
    this.name = name;
    this.alone = alone;
    this.settings = settings;
    this.desks = desks;
    this.random = random;
    this.inbox = scope.channel(name, INBOX);
    this.pauses = new Pauses(scope.clock(), random);
  }

  /**
   * Starts it.
   *
   * @param place its number among all that have a connection
   * @param alone whether each task is a transaction of its own
   * @param desks connects
   */
  static SendChannel<Message> start(
      Scope scope,
      int place,
      String name,
      boolean alone,
      PostgresSettings settings,
      Desk.Factory desks,
      RandomGenerator random) {
    var lane = new Lane(scope, place, name, alone, settings, desks, random);
    scope.startOnPlatformThread(name, lane::run);
    return lane.inbox;
  }

  private void run() throws InterruptedException {
    var group = new ArrayList<Message.Batch>();
    try {
      connect();
      while (!inbox.isClosedForReceive()) {
        Message first = inbox.tryReceive(desk == null ? pauses.left() : IDLE);
        if (desk == null && pauses.left().isZero()) {
          connect();
        }
        for (Message next = first; next != null; next = taken(group)) {
          take(next, group);
        }
        perform(group);
        group.clear();
      }
    } finally {
      inbox.tryClose();
      if (desk != null) {
        desk.close();
      }
      refuseRest(group);
    }
  }

  private void refuseRest(List<Message.Batch> group) {
    var rest = new ArrayList<Message>(group);
    inbox.drainTo(rest, Integer.MAX_VALUE);
    for (Message message : rest) {
      if (message instanceof Message.Batch(Line line, List<Task<?>> tasks)) {
        failAll(tasks, name + " has ended");
        line.tell(new Line.Event.Ended(tasks, place, name + " has ended"));
      }
    }
  }

  private void failAll(List<Task<?>> tasks, String reason) {
    var why = new StoreFailure.Unavailable(reason, desk == null ? pauses.left() : RETRY_AFTER);
    tasks.forEach(task -> task.fail(why));
  }

  /** The next that waits, unless the group is large enough. */
  private @Nullable Message taken(List<Message.Batch> group) {
    int tasks = 0;
    for (Message.Batch batch : group) {
      tasks += batch.tasks().size();
    }
    return tasks < MAX_GROUP ? inbox.tryReceive() : null;
  }

  private void take(Message message, List<Message.Batch> group) throws InterruptedException {
    switch (message) {
      case Message.Batch batch -> group.add(batch);
      case Message.Join(Line line) -> {
        lines.add(line);
        line.tell(new Line.Event.Health(place, failure));
      }
      case Message.Move() -> move();
    }
  }

  private void perform(List<Message.Batch> group) throws InterruptedException {
    List<Task<?>> tasks = group.stream().<Task<?>>flatMap(each -> each.tasks().stream()).toList();
    if (alone) {
      for (Task<?> task : tasks) {
        perform(task);
      }
    } else if (!tasks.isEmpty()) {
      performAll(tasks);
    }
    for (Message.Batch batch : group) {
      batch.line().tell(new Line.Event.Ended(batch.tasks(), place, failure));
    }
  }

  private void perform(Task<?> task) throws InterruptedException {
    performAll(List.of(task));
  }

  private void performAll(List<Task<?>> tasks) throws InterruptedException {
    Exception failed = transact(at -> at.perform(tasks));
    if (failed == null) {
      return;
    }
    if (tasks.size() > 1 && desk != null && !Failures.isConflict(failed)) {
      performAll(tasks.subList(0, tasks.size() / 2));
      performAll(tasks.subList(tasks.size() / 2, tasks.size()));
    } else {
      failAll(tasks, Failures.oneLine(failed));
    }
  }

  private void move() throws InterruptedException {
    boolean[] more = {true};
    while (more[0]) {
      var changes = new ArrayList<Change>();
      Exception failed =
          transact(at -> {
            changes.clear();
            more[0] = at.move(changes);
          });
      if (failed != null) {
        if (desk != null) {
          LOG.errorf(failed, "jobs cannot be moved out of the outbox in %s", settings);
        }
        return;
      }
      if (!changes.isEmpty()) {
        lines.forEach(line -> line.tell(new Line.Event.Moved(List.copyOf(changes))));
      }
    }
  }

  /** A transaction. */
  @FunctionalInterface
  private interface Step {
    void run(Desk at) throws SQLException;
  }

  /** {@return null when it is committed, or else why it is not, or why nobody knows} */
  private @Nullable Exception transact(Step step) throws InterruptedException {
    boolean reconnect = true;
    for (int tries = 1; desk != null && tries <= MAX_TRIES; tries++) {
      Desk at = desk;
      boolean committing = false;
      try {
        step.run(at);
        at.finish();
        committing = true;
        at.commit();
        return null;
      } catch (Desk.OutboxFirst first) {
        at.undo();
        move();
      } catch (SQLException | RuntimeException failed) {
        if (!at.undo() || Failures.isLoss(failed)) {
          lose(failed);
          if (committing || !reconnect || !connect()) {
            return failed;
          }
          reconnect = false;
        } else if (!Failures.isConflict(failed) || tries == MAX_TRIES) {
          return failed;
        } else {
          Thread.sleep(random.nextInt(1 << tries));
        }
      }
    }
    return new SQLException(desk == null ? failure : "jobs are in the outbox still");
  }

  private boolean connect() {
    try {
      desk = desks.open();
      pauses.reset();
      note(null);
    } catch (SQLException | RuntimeException unreachable) {
      pauses.begin();
      note(Failures.oneLine(unreachable));
    }
    return desk != null;
  }

  private void lose(Exception why) {
    if (desk != null) {
      desk.close();
      desk = null;
    }
    pauses.begin();
    note(Failures.oneLine(why));
  }

  private void note(@Nullable String state) {
    if ((state == null) != (failure == null)) {
      if (state == null) {
        LOG.infof("%s of %s is connected again", name, settings);
      } else {
        LOG.errorf("%s of %s has no connection: %s", name, settings, state);
      }
    }
    failure = state;
    lines.forEach(line -> line.tell(new Line.Event.Health(place, state)));
  }
}
