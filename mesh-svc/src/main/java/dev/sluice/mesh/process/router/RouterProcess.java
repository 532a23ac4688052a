package dev.sluice.mesh.process.router;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.process.Dialer;
import dev.sluice.mesh.process.MeshTrace;
import dev.sluice.mesh.process.RouterLook;
import dev.sluice.mesh.process.RouterSettings;
import dev.sluice.mesh.store.RequestLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The router's process. In each round it takes all that has come, from everywhere, then sends one
 * message to each worker and one transaction to the log. It waits for nobody: what it sends to a
 * worker has room by its credits, and what is too much it refuses.
 */
public final class RouterProcess {
  private static final int BATCH = 1024;

  /** Before the supervisor has said how often to beat. */
  private static final Duration USUAL_HEARTBEAT = Duration.ofSeconds(1);

  /** When to try again to send what a link has no room for. */
  private static final Duration RETRY = Duration.ofMillis(2);

  private final RouterSettings settings;
  private final RouterPorts ports;
  private final RequestLog log;
  private final Clock clock;
  private final Tally tally = new Tally();
  private final Table table;
  private final Workers workers;
  private final Requests requests;
  private final SupervisorLink supervisor;

  // What one round takes in.
  private final List<Heard> newHeard = new ArrayList<>();
  private final List<RouterOrder> newOrders = new ArrayList<>();
  private final List<Hello> newHellos = new ArrayList<>();
  private final List<Submit> newRequests = new ArrayList<>();
  private final List<Question> newQuestions = new ArrayList<>();

  private Duration heartbeat = USUAL_HEARTBEAT;
  private long tickAt;
  private boolean hasAllSent = true;

  /**
   * Reads the log; waits for that.
   *
   * @param readers starts a reader for each link
   */
  public RouterProcess(
      RouterSettings settings,
      RouterPorts ports,
      RequestLog.Engine log,
      Dialer dialer,
      MeshTrace trace,
      Clock clock,
      Consumer<LinkReader> readers) {
    this.settings = settings;
    this.ports = ports;
    this.clock = clock;
    this.log = log.open(settings.address().name(), ports::wake);
    List<Request> unanswered = this.log.recover();
    var steps = new Steps(settings.address().name(), trace);
    boolean isRestart = this.log.hasHistory();
    this.table = new Table(isRestart ? steps::restart : _ -> {});
    this.workers =
        new Workers(
            table, settings.redeliveries(), steps, tally, new Ended(), ports.heard, readers);
    this.requests = new Requests(settings, table, this.log, steps, tally, workers::deliver);
    this.supervisor = new SupervisorLink(settings.address().name(), dialer, clock.nanos());
    this.tickAt = clock.nanos();
    requests.recover(unanswered);
    this.log.onAdopted(requests::adopt);
  }

  /** What workers tell is told to the requests, which are made after them. */
  private final class Ended implements Workers.Outcomes {
    @Override
    public void answered(Entry entry, Outcome outcome) {
      requests.answer(entry, outcome);
    }

    @Override
    public void givenUp(Entry entry, Outcome outcome) {
      requests.giveUp(entry, outcome);
    }
  }

  /** Runs until the requests' port is closed and every accepted request is answered. */
  public void run(Heartbeat heart) throws InterruptedException {
    var select = Select.fair(clock);
    var heard = select.receive(ports.heard);
    var order = select.receive(supervisor.orders());
    var hello = select.receive(ports.hellos);
    var request = select.receive(ports.requests);
    var question = select.receive(ports.questions);
    select.receive(ports.wakes);
    var due = select.after(Duration.ZERO);
    try {
      while (!isOver()) {
        var happened = select.await();
        if (happened == heard) {
          newHeard.add(heard.value());
        } else if (happened == order && !order.isClosed()) {
          newOrders.add(order.value());
        } else if (happened == hello) {
          newHellos.add(hello.value());
        } else if (happened == request && request.isClosed()) {
          request.from(null);
        } else if (happened == request) {
          newRequests.add(request.value());
        } else if (happened == question) {
          newQuestions.add(question.value());
        }
        due.in(earlier(round(), heart.interval()));
        order.from(supervisor.orders());
        heart.beat();
      }
      supervisor.drained();
    } finally {
      end();
    }
  }

  /** Whether no request will come, and none is left. */
  public boolean isOver() {
    return ports.requests.isClosedForReceive() && newRequests.isEmpty() && requests.inFlight() == 0;
  }

  /**
   * Handles all that is there now, then what is due by time. An answer that was given before an
   * order is handled before it, so a worker that releases a shard has its last answers counted.
   *
   * @return how long until there is something to do by time
   */
  public Duration round() {
    hearOrders();
    ports.heard.drainTo(newHeard, BATCH);
    newHeard.forEach(workers::handle);
    newHeard.clear();
    newOrders.forEach(this::handle);
    newOrders.clear();
    hearHellos();
    log.collect();
    hearRequests();
    hearQuestions();
    Duration next = byTime();
    log.flush();
    hasAllSent = workers.flush();
    return hasAllSent ? next : earlier(RETRY, next);
  }

  private void hearOrders() {
    ReceiveChannel<RouterOrder> orders = supervisor.orders();
    if (orders != null) {
      orders.drainTo(newOrders, BATCH);
      if (newOrders.isEmpty() && orders.isClosedForReceive()) {
        supervisor.cut(clock.nanos());
      }
    }
  }

  private void hearHellos() {
    ports.hellos.drainTo(newHellos, BATCH);
    newHellos.forEach(workers::handle);
    newHellos.clear();
  }

  private void hearRequests() {
    ports.requests.drainTo(newRequests, BATCH);
    if (!newRequests.isEmpty()) {
      long now = clock.nanos();
      newRequests.forEach(each -> requests.submit(each, now));
      newRequests.clear();
    }
  }

  private void hearQuestions() {
    ports.questions.drainTo(newQuestions, BATCH);
    newQuestions.forEach(this::handle);
    newQuestions.clear();
  }

  private void handle(Question question) {
    switch (question) {
      case Question.Find(var id, var reply) -> requests.find(id, reply);
      case Question.Look(var reply) -> reply.complete(look());
    }
  }

  // From the supervisor

  private void handle(RouterOrder order) {
    if (supervisor.orders() == null) {
      return; // it has just been cut
    }
    supervisor.hear();
    if (!supervisor.isThere() && !(order instanceof RouterOrder.Welcome)) {
      supervisor.cut(clock.nanos());
      return;
    }
    switch (order) {
      case RouterOrder.Welcome welcome -> welcome(welcome);
      case RouterOrder.Groups(var groups) -> {
        table.learn(groups);
        requests.place();
      }
      case RouterOrder.Route route -> route(route);
      case RouterOrder.Fence(var worker) -> workers.fence(worker);
      case RouterOrder.GiveUp(var group) -> requests.giveUp(table.group(group));
    }
  }

  /** A supervisor that counts the shards otherwise cannot be followed: the keys would move. */
  private void welcome(RouterOrder.Welcome welcome) {
    if (table.hasShards(welcome.shards())) {
      supervisor.welcome();
      heartbeat = welcome.heartbeat();
      tickAt = clock.nanos();
    } else {
      supervisor.cut(clock.nanos());
    }
  }

  private void route(RouterOrder.Route route) {
    if (!table.hasShard(route.slice().shard())) {
      supervisor.cut(clock.nanos());
      return;
    }
    table.group(route.slice().group()).isOutOfService = false;
    workers.handle(route);
  }

  // By time

  private Duration byTime() {
    long now = clock.nanos();
    Long lateAt = requests.tellLate(now);
    Duration untilDial = supervisor.untilDial(now);
    if (untilDial != null && untilDial.isZero()) {
      supervisor.dial(join());
      untilDial = null;
    }
    if (tickAt - now <= 0) {
      tick(now);
    }
    Duration untilTick = Duration.ofNanos(tickAt - now);
    Duration untilLate = lateAt == null ? untilTick : Duration.ofNanos(lateAt - now);
    return earlier(untilDial, earlier(untilLate, untilTick));
  }

  private RouterJoin join() {
    return new RouterJoin(
        settings.address(), settings.launch(), table.epochs(), log.hasHistory(), settings.pid());
  }

  private void tick(long now) {
    tickAt += heartbeat.toNanos();
    if (tickAt - now <= 0) {
      tickAt = now + heartbeat.toNanos(); // it was held up
    }
    supervisor.tick(counts(), now);
    workers.tick();
    requests.lookElsewhere();
  }

  private static Duration earlier(@Nullable Duration a, Duration b) {
    return a != null && a.compareTo(b) < 0 ? a : b;
  }

  // How it is

  private RouterLook look() {
    return new RouterLook(
        table.isKnown(), supervisor.isThere(), table.ops(), log.status(), counts());
  }

  private RouterCounts counts() {
    int delivered = table.lines().mapToInt(Line::delivered).sum();
    return new RouterCounts(
        requests.inFlight(),
        requests.inFlight() - delivered,
        requests.logged(),
        tally.accepted,
        tally.answered,
        tally.recovered,
        tally.givenUp,
        tally.notInTime,
        tally.overloaded,
        tally.redelivered,
        tally.stale,
        workers.loads());
  }

  // At the end

  /** Nobody will answer what is still here and what still comes, so says so. */
  private void end() {
    log.flush();
    ports.requests.tryClose();
    ports.questions.tryClose();
    ports.hellos.tryClose();
    ports.heard.tryClose();
    workers.cutAll();
    hearNoMore();
    requests.abandon(ended());
  }

  private void hearNoMore() {
    ports.requests.drainTo(newRequests, Integer.MAX_VALUE);
    newRequests.forEach(each -> each.reply().fail(ended()));
    ports.questions.drainTo(newQuestions, Integer.MAX_VALUE);
    newQuestions.forEach(RouterProcess::fail);
    ports.hellos.drainTo(newHellos, Integer.MAX_VALUE);
    newHellos.forEach(each -> each.link().cut().run());
  }

  private static void fail(Question question) {
    switch (question) {
      case Question.Find(_, var reply) -> reply.fail(ended());
      case Question.Look(var reply) -> reply.fail(ended());
    }
  }

  private static ChannelClosedException ended() {
    return new ChannelClosedException("the router has ended");
  }
}
