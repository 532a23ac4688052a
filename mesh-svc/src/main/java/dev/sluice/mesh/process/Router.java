package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.process.Answer.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Hands each request to the owner of its key's shard and the answer to its callers. It owns all
 * requests in flight: when an owner is fenced or a shard has moved, it takes back those that are
 * unanswered and delivers them to the next owner, in their order. An answer to a delivery that has
 * been taken back is dropped.
 *
 * <p>It waits for nobody: what it sends to a worker has room in the window, and what is too much it
 * refuses.
 */
final class Router {
  private static final int BATCH = 256;

  private final MeshSettings.Bounds bounds;
  private final Clock clock;
  private final Channel<Submit> inbox;
  private final Channel<Reply<RouterView>> looks;
  private final ReceiveChannel<Answer> answers;
  private final ReceiveChannel<RouterCommand> commands;
  private final SendChannel<Report> supervisor;

  // What one round takes in.
  private final List<Submit> newRequests = new ArrayList<>();
  private final List<Reply<RouterView>> newLooks = new ArrayList<>();
  private final List<Answer> newAnswers = new ArrayList<>();
  private final List<RouterCommand> newCommands = new ArrayList<>();

  private final List<Line> lines;
  private final Map<String, WorkerLink> links = new HashMap<>();
  private final Map<String, Entry> inFlight = new HashMap<>();
  private final Callers callers = new Callers();
  private final KnownIds knownIds;
  private boolean isOutOfService;

  private final Map<String, Long> served = new HashMap<>();
  private long payloadChars;
  private long deliveries;
  private long accepted;
  private long answered;
  private long givenUp;
  private long notInTime;
  private long overloaded;
  private long redelivered;
  private long stale;

  /**
   * @param inbox from the edge, which closes it when no more requests will come; else the router
   *     does at its own end
   * @param looks from whoever wants to know how things are; closed by the router at its end
   * @param answers from the workers
   * @param commands from the supervisor
   * @param supervisor learns when all is done
   */
  Router(
      MeshSettings settings,
      Channel<Submit> inbox,
      Channel<Reply<RouterView>> looks,
      ReceiveChannel<Answer> answers,
      ReceiveChannel<RouterCommand> commands,
      SendChannel<Report> supervisor,
      Clock clock) {
    this.bounds = settings.bounds();
    this.clock = clock;
    this.inbox = inbox;
    this.looks = looks;
    this.answers = answers;
    this.commands = commands;
    this.supervisor = supervisor;
    this.lines = IntStream.range(0, settings.shards()).mapToObj(Line::new).toList();
    this.knownIds = new KnownIds(bounds.knownIds());
    settings.workerNames().forEach(worker -> served.put(worker, 0L));
  }

  /** Runs until the inbox is closed and every accepted request is answered. */
  void run(Heartbeat heartbeat) throws InterruptedException {
    var select = Select.prioritised(clock);
    var answer = select.receive(answers);
    var command = select.receive(commands);
    var request = select.receive(inbox);
    var look = select.receive(looks);
    var due = select.after(Duration.ZERO);
    boolean open = true;
    try {
      while (open || !inFlight.isEmpty()) {
        var happened = select.await();
        if (happened == answer) {
          newAnswers.add(answer.value());
        } else if (happened == command) {
          newCommands.add(command.value());
        } else if (happened == look) {
          newLooks.add(look.value());
        } else if (happened == request && !request.isClosed()) {
          newRequests.add(request.value());
        } else if (happened == request) {
          open = false;
          request.from(null);
        }
        due.in(earlier(round(), heartbeat.interval()));
        heartbeat.beat();
      }
      supervisor.send(new Report.Drained());
    } finally {
      abandon();
    }
  }

  /**
   * Handles all that is there now, then what is due by time. An answer that was given before a
   * command is handled before it, so a worker that releases a shard has its last answers counted.
   *
   * @return how long until somebody's wait runs out; null when nobody waits
   */
  @Nullable Duration round() {
    commands.drainTo(newCommands, BATCH);
    answers.drainTo(newAnswers, Integer.MAX_VALUE);
    inbox.drainTo(newRequests, BATCH);
    looks.drainTo(newLooks, BATCH);
    newAnswers.forEach(this::handle);
    newAnswers.clear();
    newCommands.forEach(this::handle);
    newCommands.clear();
    newRequests.forEach(this::handle);
    newRequests.clear();
    Duration untilDue = answerLate();
    newLooks.forEach(look -> look.complete(view()));
    newLooks.clear();
    return untilDue;
  }

  // From the edge

  private void handle(Submit submitted) {
    Request request = submitted.request();
    Line line = lines.get(KeyHash.shard(request.key(), lines.size()));
    Entry same = inFlight.get(request.id());
    if (knownIds.contradict(request)
        || (same != null && !same.request.fingerprint().equals(request.fingerprint()))) {
      submitted.reply().complete(new Outcome.Conflict());
    } else if (isOutOfService) {
      submitted.reply().complete(new Outcome.OutOfService(line.shard));
    } else {
      String tooMuch = same != null ? tooManyCallers(same) : tooMuch(line, request);
      if (tooMuch != null) {
        overloaded++;
        submitted.reply().complete(new Outcome.Overloaded(tooMuch));
      } else {
        Entry entry = same != null ? same : accept(request, line);
        var caller =
            new Caller(
                line.shard, clock.nanos() + submitted.maxWait().toNanos(), submitted.reply());
        entry.callers.add(caller);
        callers.add(caller);
      }
    }
  }

  private @Nullable String tooManyCallers(Entry entry) {
    entry.callers.removeIf(caller -> caller.reply().isDone());
    return entry.callers.size() < bounds.inFlightPerShard()
        ? null
        : bounds.inFlightPerShard() + " callers wait for this id, which is the most";
  }

  /** Which bound stands against taking the request; null when none does. */
  private @Nullable String tooMuch(Line line, Request request) {
    if (inFlight.size() >= bounds.inFlight()) {
      return "the mesh has " + bounds.inFlight() + " requests in flight, which is the most";
    }
    if (line.size() >= bounds.inFlightPerShard()) {
      return "shard "
          + line.shard
          + " has "
          + bounds.inFlightPerShard()
          + " requests in flight, which is the most";
    }
    if (payloadChars > 0 && payloadChars + request.payload().length() > bounds.inFlightChars()) {
      return "the payloads in flight have no room for another "
          + request.payload().length()
          + " characters, "
          + bounds.inFlightChars()
          + " is the most";
    }
    return null;
  }

  private Entry accept(Request request, Line line) {
    var entry = new Entry(request, line);
    inFlight.put(request.id(), entry);
    knownIds.add(request);
    payloadChars += entry.chars();
    accepted++;
    line.add(entry);
    deliver(line);
    return entry;
  }

  // To the workers

  private void deliver(Line line) {
    WorkerLink owner = line.owner;
    while (owner != null && line.hasWaiting()) {
      if (!owner.hasRoom()) {
        owner.starve(line);
        return;
      }
      deliverNext(line, owner);
    }
  }

  private void deliverNext(Line line, WorkerLink owner) {
    Entry entry = line.next();
    if (entry.deliveries++ > 0) {
      redelivered++;
    }
    var delivery = new Delivery(++deliveries, entry);
    entry.delivery = delivery;
    owner.deliver(delivery, line.epoch);
  }

  /** Gives what room there is to the lines that wait for it, one request each in turn. */
  private void feedStarved(WorkerLink link) {
    while (link.hasRoom()) {
      Line line = link.pollStarved();
      if (line == null) {
        return;
      }
      if (line.owner == link && line.hasWaiting()) {
        deliverNext(line, link);
        if (line.hasWaiting()) {
          link.starve(line);
        }
      }
    }
  }

  // From the workers

  private void handle(Answer answer) {
    WorkerLink link = links.get(answer.worker());
    if (link == null || link.incarnation != answer.incarnation()) {
      stale++; // of a process that is fenced
      return;
    }
    Delivery delivery = link.answered(answer.number());
    if (delivery.counts()) {
      settle(delivery.entry(), answer);
    } else {
      stale++; // of an epoch that has passed
    }
    feedStarved(link);
  }

  private void settle(Entry entry, Answer answer) {
    Line line = entry.line;
    String worker = answer.worker();
    switch (answer.result()) {
      case Result.Replied(String reply) ->
          answer(entry, worker, new Outcome.Replied(line.shard, worker, line.epoch, reply));
      case Result.Failed(String reason) ->
          answer(entry, worker, new Outcome.Failed(line.shard, worker, line.epoch, reason));
      case Result.Faulty(RuntimeException fault) ->
          answer(entry, worker, new Outcome.Faulty(line.shard, worker, line.epoch, fault));
      case Result.Full(String reason) ->
          answer(entry, worker, new Outcome.NoRoom(line.shard, worker, line.epoch, reason));
      case Result.Conflicts() -> answer(entry, worker, new Outcome.Conflict());
      case Result.Stale() -> line.takeBack(); // its next owner will come with the next epoch
    }
  }

  private void answer(Entry entry, String worker, Outcome outcome) {
    answered++;
    served.merge(worker, 1L, Long::sum);
    finish(entry, outcome);
  }

  private void finish(Entry entry, Outcome outcome) {
    entry.line.remove(entry);
    inFlight.remove(entry.request.id());
    payloadChars -= entry.chars();
    entry.callers.forEach(caller -> caller.reply().complete(outcome));
  }

  // From the supervisor

  private void handle(RouterCommand command) {
    switch (command) {
      case RouterCommand.Attach(String worker, int incarnation, var work) ->
          links.put(worker, new WorkerLink(worker, incarnation, work, bounds.window()));
      case RouterCommand.Detach(String worker, int incarnation) -> detach(worker, incarnation);
      case RouterCommand.Route(int shard, String worker, long epoch) ->
          route(lines.get(shard), worker, epoch);
      case RouterCommand.GiveUp() -> giveUpAll();
    }
  }

  private void route(Line line, String worker, long epoch) {
    WorkerLink owner = links.get(worker);
    if (owner != null && epoch > line.epoch) {
      line.takeBack();
      line.owner = owner;
      line.epoch = epoch;
      deliver(line);
    }
  }

  /** Only what it was running can have been its undoing; what had only been sent to it cannot. */
  private void detach(String worker, int incarnation) {
    WorkerLink link = links.get(worker);
    if (link == null || link.incarnation != incarnation) {
      return;
    }
    links.remove(worker);
    link.close();
    Delivery running = link.running();
    Entry suspect = running != null && running.counts() ? running.entry() : null;
    for (Line line : lines) {
      if (line.owner == link) {
        line.takeBack();
      }
    }
    if (suspect != null && ++suspect.strikes > bounds.redeliveries()) {
      giveUp(suspect, new Outcome.GivenUp(suspect.line.shard, suspect.strikes));
    }
  }

  private void giveUpAll() {
    isOutOfService = true;
    for (Entry entry : List.copyOf(inFlight.values())) {
      giveUp(entry, new Outcome.OutOfService(entry.line.shard));
    }
  }

  private void giveUp(Entry entry, Outcome outcome) {
    givenUp++;
    finish(entry, outcome);
  }

  // By time

  private @Nullable Duration answerLate() {
    long now = clock.nanos();
    Caller first = callers.first();
    while (first != null && first.due() - now <= 0) {
      callers.removeFirst();
      notInTime++;
      first.reply().complete(new Outcome.NotInTime(first.shard()));
      first = callers.first();
    }
    return first == null ? null : Duration.ofNanos(first.due() - now);
  }

  private static Duration earlier(@Nullable Duration a, Duration b) {
    return a != null && a.compareTo(b) < 0 ? a : b;
  }

  // At the end, and from outside

  /** The process ends: nobody will answer what is still here and what still comes, so say so. */
  private void abandon() {
    inbox.tryClose();
    looks.close();
    inbox.drainTo(newRequests, Integer.MAX_VALUE);
    looks.drainTo(newLooks, Integer.MAX_VALUE);
    var ended = new ChannelClosedException("the router has ended");
    newRequests.forEach(each -> each.reply().fail(ended));
    newLooks.forEach(look -> look.fail(ended));
    inFlight.values().stream()
        .flatMap(entry -> entry.callers.stream())
        .forEach(caller -> caller.reply().fail(ended));
  }

  private RouterView view() {
    var loads = new HashMap<String, RouterView.Load>();
    served.forEach((worker, count) -> {
      WorkerLink link = links.get(worker);
      loads.put(worker, new RouterView.Load(link == null ? 0 : link.unanswered(), count));
    });
    int waiting = lines.stream().mapToInt(Line::waiting).sum();
    return new RouterView(
        inFlight.size(),
        waiting,
        payloadChars,
        accepted,
        answered,
        givenUp,
        notInTime,
        overloaded,
        redelivered,
        stale,
        Map.copyOf(loads));
  }
}
