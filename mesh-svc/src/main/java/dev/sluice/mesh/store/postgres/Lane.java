package dev.sluice.mesh.store.postgres;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.postgres.LogTask.Accept;
import dev.sluice.mesh.store.postgres.LogTask.Find;
import dev.sluice.mesh.store.postgres.LogTask.Finish;
import dev.sluice.mesh.store.postgres.LogTask.Found;
import dev.sluice.store.StoreFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The process that has one router's connection, with group commit: it takes all that waits, does it
 * in one transaction, and then tells the router. While the server flushes its log, the next group
 * gathers.
 *
 * <p>A transaction that comes in the way of another is done again, some times. One that fails
 * otherwise is done again in halves, so that what makes it fail in the end fails alone. When the
 * connection is lost before the commit was sent, nothing has happened, and it is done once more on
 * a new one if there is one at once; after that nobody knows. Then, when there is a connection
 * again, the router is told all that is its own and unanswered, and takes what it does not know.
 *
 * <p>Its heart is not watched: it waits for a server elsewhere, and to be restarted would not help
 * against a server that does not answer; the log's status says so instead. Each wait ends: by
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

  /** How many batches may be on their way. */
  static final int WINDOW = 256;

  /** Room for what is told besides. */
  static final int NEWS = 16;

  /** After how many tasks a transaction takes no further batch. */
  private static final int MAX_GROUP = 4_096;

  private static final int MAX_TRIES = 10;
  private static final Duration RENEW_EVERY = Duration.ofSeconds(2);
  private static final Duration FORGET_EVERY = Duration.ofSeconds(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** What the router's side is told. */
  sealed interface Event {
    /**
     * A batch has its outcomes.
     *
     * @param failure why the lane cannot do anything at the moment; null: it can
     */
    record Ended(List<LogTask> tasks, @Nullable String failure) implements Event {}

    /** A connection was lost or made; the failure is null when it is there. */
    record Health(@Nullable String failure) implements Event {}

    /** These are this router's and unanswered, if it does not know them already. */
    record Open(List<Found> all) implements Event {}
  }

  private final String name;
  private final String router;
  private final PostgresSettings settings;
  private final LogSettings log;
  private final Clock clock;
  private final RandomGenerator random;
  private final Channel<List<LogTask>> inbox;
  private final Channel<Event> ends;
  private final Channel<Event> news;
  private final Runnable wake;
  private final Pauses pauses;

  // Owned by the lane's process.
  private @Nullable Link link;
  private @Nullable LogRows rows;
  private @Nullable String failure;
  private long renewAt;
  private long forgetAt;

  /** Whether something was committed, or not, of which the router was not told. */
  private boolean lookAgain;

  /** What the present transaction has found to be open. */
  private List<Found> found = List.of();

  /** What is to be told when there is room. */
  private @Nullable Event untold;

  private Lane(
      Scope scope,
      String router,
      PostgresSettings settings,
      LogSettings log,
      RandomGenerator random,
      Runnable wake) {
    this.router = router;
    this.name = "log of " + router;
    this.settings = settings;
    this.log = log;
    this.clock = scope.clock();
    this.random = random;
    this.inbox = scope.channel("postgresql." + router, WINDOW);
    this.ends = scope.channel("postgresql.done." + router, WINDOW);
    this.news = scope.channel("postgresql.news." + router, NEWS);
    this.wake = wake;
    this.pauses = new Pauses(clock, random);
    this.renewAt = clock.nanos();
    this.forgetAt = clock.nanos();
  }

  /** How a router hands over batches; no more than {@link #WINDOW} may be on their way. */
  SendChannel<List<LogTask>> tasks() {
    return inbox;
  }

  /**
   * The next that the router is told. Ends of batches come first: what is open is told after what
   * was accepted before.
   */
  @Nullable Event event() {
    Event end = ends.tryReceive();
    return end == null ? news.tryReceive() : end;
  }

  /**
   * Starts it.
   *
   * @param wake makes the router collect
   */
  static Lane start(
      Scope scope,
      String router,
      PostgresSettings settings,
      LogSettings log,
      RandomGenerator random,
      Runnable wake) {
    var lane = new Lane(scope, router, settings, log, random, wake);
    scope.startOnPlatformThread(lane.name, lane::run);
    return lane;
  }

  private void run() throws InterruptedException {
    var group = new ArrayList<List<LogTask>>();
    try {
      connect();
      while (!inbox.isClosedForReceive()) {
        take(inbox.tryReceive(pause()), group);
        if (link == null && pauses.left().isZero()) {
          connect();
        }
        perform(group);
        group.clear();
        housekeeping();
      }
    } finally {
      inbox.tryClose();
      disconnect();
      inbox.drainTo(group, Integer.MAX_VALUE);
      for (List<LogTask> batch : group) {
        failAll(batch, name + " has ended");
        tell(ends, new Event.Ended(batch, name + " has ended"));
      }
    }
  }

  private void take(@Nullable List<LogTask> first, List<List<LogTask>> group) {
    int tasks = 0;
    for (List<LogTask> next = first; next != null; next = inbox.tryReceive()) {
      group.add(next);
      tasks += next.size();
      if (tasks >= MAX_GROUP) {
        return;
      }
    }
  }

  private Duration pause() {
    if (link == null) {
      return pauses.left();
    }
    return Duration.ofNanos(Math.max(0, Math.min(renewAt, forgetAt) - clock.nanos()));
  }

  private void perform(List<List<LogTask>> group) throws InterruptedException {
    List<LogTask> tasks = group.stream().flatMap(List::stream).toList();
    if (!tasks.isEmpty()) {
      performAll(tasks);
    }
    for (List<LogTask> batch : group) {
      tell(ends, new Event.Ended(batch, failure));
    }
  }

  private void performAll(List<LogTask> tasks) throws InterruptedException {
    Exception failed = transact(at -> apply(at, tasks));
    if (failed == null) {
      return;
    }
    if (link == null || Failures.isConflict(failed)) {
      failAll(tasks, Failures.oneLine(failed));
    } else if (tasks.size() > 1) {
      performAll(tasks.subList(0, tasks.size() / 2));
      performAll(tasks.subList(tasks.size() / 2, tasks.size()));
    } else {
      LOG.warnf("%s: something cannot be written: %s", name, Failures.oneLine(failed));
      failAll(tasks, Failures.oneLine(failed));
      if (tasks.getFirst() instanceof Finish finish) {
        finish.giveUp();
      }
    }
  }

  private void failAll(List<LogTask> tasks, String reason) {
    var why = new StoreFailure.Unavailable(reason, link == null ? pauses.left() : RETRY_AFTER);
    tasks.forEach(task -> task.fail(why));
  }

  private void apply(LogRows at, List<LogTask> tasks) throws SQLException {
    renewIfDue(at);
    var accepts = new ArrayList<Accept>();
    var finishes = new ArrayList<Finish>();
    var finds = new ArrayList<Find>();
    for (LogTask task : tasks) {
      task.reset();
      switch (task) {
        case Accept accept -> accepts.add(accept);
        case Finish finish -> finishes.add(finish);
        case Find find -> finds.add(find);
      }
    }
    if (!finishes.isEmpty()) {
      at.finish(finishes);
    }
    if (!accepts.isEmpty()) {
      accept(at, accepts);
    }
    if (!finds.isEmpty()) {
      Map<String, Found> found = at.find(finds.stream().map(Find::id).toList());
      for (Find find : finds) {
        Found one = found.get(find.id());
        if (one != null) {
          find.found(one.entry());
        }
      }
    }
  }

  private static void accept(LogRows at, List<Accept> all) throws SQLException {
    List<Accept> rest = keep(at, all);
    if (rest.isEmpty()) {
      return;
    }
    rest = know(at, rest);
    if (!rest.isEmpty()) { // the mark was gone, or what was known is
      at.renew();
      rest = know(at, keep(at, rest));
    }
    if (!rest.isEmpty()) {
      throw new SQLException("requests come and go too fast", "40001");
    }
  }

  /** {@return those that were not kept} */
  private static List<Accept> keep(LogRows at, List<Accept> all) throws SQLException {
    var firsts = new LinkedHashMap<String, Request>();
    all.forEach(each -> firsts.putIfAbsent(each.request().id(), each.request()));
    Map<String, Long> kept = at.accept(firsts.values());
    var rest = new ArrayList<Accept>();
    for (Accept each : all) {
      Long seq = kept.remove(each.request().id()); // of two with one id the first
      if (seq == null) {
        rest.add(each);
      } else {
        each.kept(seq);
      }
    }
    return rest;
  }

  /** {@return those that are not known} */
  private static List<Accept> know(LogRows at, List<Accept> all) throws SQLException {
    if (all.isEmpty()) {
      return all;
    }
    Map<String, Found> found =
        at.find(all.stream().map(each -> each.request().id()).distinct().toList());
    var rest = new ArrayList<Accept>();
    for (Accept each : all) {
      Found one = found.get(each.request().id());
      if (one == null) {
        rest.add(each);
      } else {
        each.known(one);
      }
    }
    return rest;
  }

  private void renewIfDue(LogRows at) throws SQLException {
    if (clock.nanos() - renewAt >= 0) {
      at.renew();
    }
  }

  private void housekeeping() throws InterruptedException {
    tellUntold();
    if (link != null && lookAgain && untold == null) {
      lookAgain = transact(this::lookAtOpen) != null;
    }
    if (link != null && clock.nanos() - renewAt >= 0) {
      boolean[] more = {true};
      while (more[0] && untold == null) {
        more[0] = false;
        if (transact(at -> more[0] = renewAndAdopt(at)) != null) {
          more[0] = false;
          renewAt = clock.nanos() + RETRY_AFTER.toNanos();
        }
      }
    }
    if (link != null && clock.nanos() - forgetAt >= 0) {
      boolean[] more = {false};
      transact(at -> more[0] = at.forget(log));
      forgetAt = clock.nanos() + (more[0] ? 0 : FORGET_EVERY.toNanos());
    }
  }

  /** {@return whether there may be another that is dead} */
  private boolean renewAndAdopt(LogRows at) throws SQLException {
    at.renew();
    String dead = at.dead();
    if (dead == null) {
      return false;
    }
    List<Found> adopted = at.adopt(dead);
    LOG.warnf("%s has adopted %d requests of %s, which is dead", router, adopted.size(), dead);
    found = adopted;
    return true;
  }

  private void lookAtOpen(LogRows at) throws SQLException {
    found = at.open();
  }

  private void tellUntold() {
    Event event = untold;
    if (event != null && tell(news, event)) {
      untold = null;
    }
  }

  private boolean tell(Channel<Event> way, Event event) {
    boolean told = way.trySend(event);
    wake.run();
    return told;
  }

  /** A transaction. */
  @FunctionalInterface
  private interface Step {
    void run(LogRows at) throws SQLException;
  }

  /** {@return null when it is committed, or else why it is not, or why nobody knows} */
  private @Nullable Exception transact(Step step) throws InterruptedException {
    boolean reconnect = true;
    for (int tries = 1; link != null && rows != null && tries <= MAX_TRIES; tries++) {
      boolean committing = false;
      long began = clock.nanos();
      found = List.of();
      try {
        step.run(rows);
        committing = true;
        link.commit();
        committed(began);
        return null;
      } catch (SQLException | RuntimeException failed) {
        if (!undo(link) || Failures.isLoss(failed)) {
          lookAgain |= committing;
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
    return new SQLException(failure);
  }

  private void committed(long began) {
    if (began - renewAt >= 0) {
      renewAt = began + RENEW_EVERY.toNanos();
    }
    if (!found.isEmpty()) {
      untold = new Event.Open(found);
      tellUntold();
    }
  }

  /** {@return false: the connection is of no use any more} */
  private static boolean undo(Link link) {
    try {
      link.rollback();
      return true;
    } catch (SQLException | RuntimeException broken) {
      return false;
    }
  }

  private boolean connect() {
    try {
      Link made = Link.open(settings);
      link = made;
      rows = new LogRows(made, router);
      pauses.reset();
      note(null);
    } catch (SQLException | RuntimeException unreachable) {
      pauses.begin();
      note(Failures.oneLine(unreachable));
    }
    return link != null;
  }

  private void lose(Exception why) {
    disconnect();
    pauses.begin();
    note(Failures.oneLine(why));
  }

  private void disconnect() {
    if (link != null) {
      link.close();
    }
    link = null;
    rows = null;
  }

  private void note(@Nullable String state) {
    if ((state == null) != (failure == null)) {
      if (state == null) {
        LOG.infof("%s in %s is connected again", name, settings);
      } else {
        LOG.errorf("%s in %s has no connection: %s", name, settings, state);
      }
    }
    failure = state;
    tell(news, new Event.Health(state));
  }
}
