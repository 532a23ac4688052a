package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.pool.store.JobStore.News;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGNotification;

/**
 * The process that hears what other instances notify, on a connection of its own, and tells the
 * stores. While it has no connection it misses things; so when it has one again it tells that
 * everything may have changed.
 *
 * <p>Its heart is not watched, for the reason that {@link Lane} has.
 */
final class Ear {
  private static final Logger LOG = Logger.getLogger(Ear.class);

  /** How long it listens before it looks whether there is something else to do. */
  private static final Duration ROUND = Duration.ofMillis(500);

  /** How often it makes sure that the connection is one, and nothing lies in the outbox. */
  private static final Duration CHECK_EVERY = Duration.ofSeconds(5);

  /** How often all are told to look at everything, whatever was notified. */
  private static final int CHECKS_A_SWEEP = 6;

  private static final int INBOX = 16;

  private final int place;
  private final PostgresSettings settings;
  private final String instance;
  private final SendChannel<Lane.Message> mover;
  private final Clock clock;
  private final Pauses pauses;
  private final Channel<Line> inbox;

  // Owned by the ear's process.
  private final List<Line> lines = new ArrayList<>();
  private final Set<Line> behind = new HashSet<>(); // had no room for news
  private boolean move; // the mover had no room
  private @Nullable String failure;

  private Ear(
      Scope scope,
      int place,
      PostgresSettings settings,
      String instance,
      SendChannel<Lane.Message> mover,
      RandomGenerator random) {
    this.place = place;
    this.settings = settings;
    this.instance = instance;
    this.mover = mover;
    this.clock = scope.clock();
    this.pauses = new Pauses(scope.clock(), random);
    this.inbox = scope.channel("ear", INBOX);
  }

  /**
   * Starts it.
   *
   * @param place its number among all that have a connection
   * @param instance whose news are no news here
   * @param mover told when there may be jobs in the outbox
   * @return takes stores that want to hear
   */
  static SendChannel<Line> start(
      Scope scope,
      int place,
      PostgresSettings settings,
      String instance,
      SendChannel<Lane.Message> mover,
      RandomGenerator random) {
    var ear = new Ear(scope, place, settings, instance, mover, random);
    scope.start("ear", ear::run);
    return ear.inbox;
  }

  private void run() throws InterruptedException {
    while (true) {
      try (Link link = Link.open(settings, true)) {
        link.execute("LISTEN " + Gazette.CHANNEL + "; LISTEN " + Outbox.CHANNEL);
        pauses.reset();
        note(null);
        listen(link);
      } catch (SQLException lost) {
        requireNotInterrupted(); // which would have closed it
        pauses.begin();
        note(Failures.oneLine(lost));
      }
      Line joining = inbox.tryReceive(pauses.left());
      if (joining != null) {
        join(joining);
      }
    }
  }

  private void listen(Link link) throws SQLException, InterruptedException {
    move = true;
    everything();
    long nextCheck = clock.nanos() + CHECK_EVERY.toNanos();
    for (int checks = 1; ; ) {
      hear(link.driver().getNotifications((int) ROUND.toMillis()));
      for (Line line = inbox.tryReceive(); line != null; line = inbox.tryReceive()) {
        join(line);
      }
      if (clock.nanos() - nextCheck >= 0) {
        nextCheck = clock.nanos() + CHECK_EVERY.toNanos();
        move |= Outbox.isFilled(link);
        if (checks++ % CHECKS_A_SWEEP == 0) {
          everything();
        }
      }
      catchUp();
      requireNotInterrupted();
    }
  }

  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private void join(Line line) {
    lines.add(line);
    line.tell(new Line.Event.Health(place, failure));
    behind.add(line);
  }

  private void everything() {
    behind.addAll(lines);
  }

  /** Tells those who have missed something that they have. */
  private void catchUp() {
    behind.removeIf(line -> line.tell(new Line.Event.Heard(Gazette.everything())));
    move = move && !mover.trySend(new Lane.Message.Move());
  }

  private void hear(PGNotification @Nullable [] notifications) {
    if (notifications == null) {
      return;
    }
    List<News> all = new ArrayList<>();
    for (PGNotification one : notifications) {
      if (one.getName().equals(Outbox.CHANNEL)) {
        move = true;
      } else {
        Gazette gazette = Gazette.parse(one.getParameter());
        if (gazette == null) {
          LOG.warnf("%s notifies what nobody understands", settings);
          everything();
        } else if (!gazette.from().equals(instance)) {
          all.add(gazette.news());
        }
      }
    }
    if (!all.isEmpty()) {
      var heard = new Line.Event.Heard(merged(all));
      lines.stream().filter(line -> !line.tell(heard)).forEach(behind::add);
    }
  }

  private static News merged(List<News> all) {
    var ready = new HashSet<String>();
    var room = new HashSet<String>();
    var finished = new HashSet<UUID>();
    boolean queues = false;
    boolean everything = false;
    for (News news : all) {
      ready.addAll(news.ready());
      room.addAll(news.room());
      finished.addAll(news.finished());
      queues |= news.queues();
      everything |= news.everything();
    }
    return new News(ready, room, finished, queues, everything);
  }

  private void note(@Nullable String state) {
    if ((state == null) != (failure == null)) {
      if (state == null) {
        LOG.infof("the ear at %s is connected again", settings);
      } else {
        LOG.errorf("the ear at %s has no connection: %s", settings, state);
      }
    }
    failure = state;
    lines.forEach(line -> line.tell(new Line.Event.Health(place, state)));
  }
}
