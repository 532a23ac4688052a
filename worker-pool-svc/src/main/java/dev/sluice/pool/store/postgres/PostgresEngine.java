package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.QueueDefaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Jobs in PostgreSQL, and the processes that have the connections. */
public final class PostgresEngine implements JobStore.Engine {
  private static final Duration COUNT_EVERY = Duration.ofSeconds(2);

  private final PostgresSettings settings;
  private final Scope scope;
  private final Scope laneScope;
  private final Scope earScope;
  private final List<SendChannel<Lane.Message>> lanes;
  private final SendChannel<Line> ear;
  private int stores;

  private PostgresEngine(
      PostgresSettings settings,
      Scope scope,
      Scope laneScope,
      Scope earScope,
      List<SendChannel<Lane.Message>> lanes,
      SendChannel<Line> ear) {
    this.settings = settings;
    this.scope = scope;
    this.laneScope = laneScope;
    this.earScope = earScope;
    this.lanes = lanes;
    this.ear = ear;
  }

  /**
   * Makes the tables if there are none, or brings them to the newest version, and starts the lanes
   * in a scope of their own.
   *
   * @param clock by which the lanes wait; jobs go by the server's
   * @param defaults what holds for queues that nobody has configured
   * @param randoms makes one for each lane: it draws leases and the jitter of retries
   * @throws PostgresException the database cannot be used; the message is one line that says why
   */
  public static PostgresEngine start(
      PostgresSettings settings,
      Clock clock,
      QueueDefaults defaults,
      Supplier<? extends RandomGenerator> randoms) {
    return start(settings, clock, defaults, randoms, COUNT_EVERY);
  }

  static PostgresEngine start(
      PostgresSettings settings,
      Clock clock,
      QueueDefaults defaults,
      Supplier<? extends RandomGenerator> randoms,
      Duration countEvery) {
    PostgresSchema.migrate(settings);
    String instance = UUID.randomUUID().toString();
    Scope scope = Scope.open("postgresql", clock);
    Scope laneScope = scope.child("lanes");
    var lanes = new ArrayList<SendChannel<Lane.Message>>();
    for (int place = 0; place <= settings.lanes(); place++) {
      RandomGenerator random = randoms.get();
      boolean aside = place == settings.lanes();
      lanes.add(
          Lane.start(
              laneScope,
              place,
              aside ? "aside" : "lane-" + place,
              aside,
              settings,
              () -> Desk.open(settings, instance, defaults, clock, countEvery, random),
              random));
    }
    Scope earScope = scope.child("news");
    SendChannel<Line> ear =
        Ear.start(earScope, lanes.size(), settings, instance, lanes.getLast(), randoms.get());
    return new PostgresEngine(settings, scope, laneScope, earScope, lanes, ear);
  }

  @Override
  public JobStore open(Runnable wake, JobStore.Listener listener) {
    int store = stores++;
    Channel<Line.Event.Ended> ends =
        scope.channel("postgresql.done-" + store, lanes.size() * PostgresJobStore.WINDOW);
    Channel<Line.Event> news = scope.channel("postgresql.news-" + store, PostgresJobStore.NEWS);
    var line = new Line(ends, news, wake);
    try {
      for (SendChannel<Lane.Message> lane : lanes) {
        lane.send(new Lane.Message.Join(line));
      }
      ear.send(line);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return new PostgresJobStore(settings.toString(), lanes, line, listener);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void close() {
    try {
      earScope.close(); // it sends to a lane
      lanes.forEach(SendChannel::tryClose);
      laneScope.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      scope.close();
    }
  }
}
