package dev.sluice.mesh.process.router;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.process.RouterSettings;
import dev.sluice.mesh.process.Told;
import dev.sluice.mesh.store.RequestLog;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.store.StoreFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All requests in flight, by their ids, from the first sight of each until its outcome; owned by
 * the router. Durable ones are in the log before they are accepted, and are taken from it when the
 * router starts.
 */
final class Requests {
  private final RouterSettings settings;
  private final Table table;
  private final RequestLog log;
  private final Steps steps;
  private final Tally tally;
  private final Consumer<Line> deliver;
  private final Consumer<Entry> tellAccepted;
  private final KnownIds knownIds;
  private final Callers callers = new Callers();
  private final Map<String, Entry> inFlight = new HashMap<>();

  /** Requests of the log whose operations nobody serves yet; they stand before all new ones. */
  private List<Request> unplaced = new ArrayList<>();

  /** Requests that other routers have answered; to be looked for in the log. */
  private List<Entry> elsewhere = new ArrayList<>();

  private long payloadChars;
  private int logged;
  private long now;

  /**
   * @param deliver delivers what waits in a line
   */
  Requests(
      RouterSettings settings,
      Table table,
      RequestLog log,
      Steps steps,
      Tally tally,
      Consumer<Line> deliver) {
    this.settings = settings;
    this.table = table;
    this.log = log;
    this.steps = steps;
    this.tally = tally;
    this.deliver = deliver;
    this.tellAccepted = steps::accept;
    this.knownIds = new KnownIds(settings.knownIds(), settings.knownChars());
  }

  int inFlight() {
    return inFlight.size() + unplaced.size();
  }

  int logged() {
    return logged + unplaced.size();
  }

  // From the log

  /** Takes what the log says is unanswered, before anything new. */
  void recover(List<Request> unanswered) {
    tally.recovered += unanswered.size();
    unplaced.addAll(unanswered);
  }

  /** Another router's requests are this one's now. */
  void adopt(List<Request> unanswered) {
    for (Request request : unanswered) {
      KnownIds.Known known = knownIds.find(request.id());
      if (known != null && known.fingerprint().equals(request.fingerprint())) {
        log.finish(request.id(), known.outcome()); // it has one that the log has not heard of
      } else {
        tally.recovered++;
        unplaced.add(request);
      }
    }
    place();
  }

  /** Lets those stand in line whose operations somebody serves. */
  void place() {
    List<Request> all = unplaced;
    unplaced = new ArrayList<>();
    for (Request request : all) {
      GroupLines group = table.serving(request.op());
      if (group == null) {
        unplaced.add(request);
      } else {
        place(request, table.line(group, request));
      }
    }
  }

  private void place(Request request, Line line) {
    Entry same = inFlight.get(request.id());
    if (same == null) {
      keep(enter(request, line, true));
    } else if (!same.request.fingerprint().equals(request.fingerprint())) {
      refuse(same, new Told.Done(new Outcome.Conflict()));
      keep(enter(request, line, true));
    } else {
      keep(same);
    }
  }

  private void accepted(Entry entry, Accepted said) {
    if (entry.stage != Entry.Stage.ASKED) {
      return; // settled meanwhile: it was adopted, or is over
    }
    switch (said) {
      case Accepted.Kept() -> {
        tally.accepted++;
        keep(entry);
      }
      case Accepted.Known known -> known(entry, known);
      case Accepted.Failed(StoreFailure why) -> refuse(entry, logFailed(why));
    }
  }

  private void known(Entry entry, Accepted.Known known) {
    Outcome outcome = known.outcome();
    if (!known.request().fingerprint().equals(entry.request.fingerprint())) {
      refuse(entry, new Told.Done(new Outcome.Conflict()));
    } else if (outcome != null) {
      found(entry, outcome);
    } else if (known.isOwn()) {
      keep(entry); // it was not known whether the log had kept it
    } else {
      entry.line.remove(entry);
      entry.line.advance(tellAccepted);
      entry.stage = Entry.Stage.ELSEWHERE;
      elsewhere.add(entry);
      tellLate(entry);
      deliver.accept(entry.line);
    }
  }

  /** Its outcome was there already. */
  private void found(Entry entry, Outcome outcome) {
    knownIds.add(entry.request, outcome);
    refuse(entry, new Told.Done(outcome));
  }

  private static Told logFailed(StoreFailure why) {
    return switch (why) {
      case StoreFailure.Full full -> new Told.LogFailed(full.reason(), true);
      case StoreFailure.Busy busy -> new Told.LogFailed(busy.reason(), true);
      case StoreFailure.Unavailable away -> new Told.LogFailed(away.reason(), false);
    };
  }

  /** Looks whether other routers have answered what callers wait for here. */
  void lookElsewhere() {
    List<Entry> all = elsewhere;
    elsewhere = new ArrayList<>();
    for (Entry entry : all) {
      entry.callers.removeIf(caller -> caller.reply().isDone());
      if (entry.stage == Entry.Stage.ELSEWHERE && entry.callers.isEmpty()) {
        forget(entry);
      } else if (entry.stage == Entry.Stage.ELSEWHERE) {
        elsewhere.add(entry);
        log.find(entry.request.id(), found -> lookedElsewhere(entry, found), _ -> {});
      }
    }
  }

  private void lookedElsewhere(Entry entry, RequestLog.@Nullable Entry found) {
    if (entry.stage == Entry.Stage.ELSEWHERE && found == null) {
      refuse(entry, new Told.LogFailed("the log has forgotten the request", false));
    } else if (entry.stage == Entry.Stage.ELSEWHERE && found.outcome() != null) {
      found(entry, found.outcome());
    }
  }

  // From the edge

  void submit(Submit submitted, long instant) {
    now = instant;
    if (!submitted.reply().isDone()) {
      Told refused = enterOrJoin(submitted);
      if (refused != null) {
        submitted.reply().complete(refused);
      }
    }
  }

  /** What the caller is told at once; null when it waits. */
  private @Nullable Told enterOrJoin(Submit submitted) {
    Request request = submitted.request();
    Entry same = inFlight.get(request.id());
    if (same != null) {
      return join(same, submitted);
    }
    KnownIds.Known known = knownIds.find(request.id());
    if (known != null) {
      return known.told(request);
    }
    GroupLines group = table.serving(request.op());
    if (group == null) {
      return table.isKnown() ? new Told.UnknownOp(table.ops()) : new Told.NotJoined();
    }
    Line line = table.line(group, request);
    if (group.isOutOfService) {
      return new Told.Done(new Outcome.OutOfService(line.slice.shard()));
    }
    String tooMuch = tooMuch(line, request);
    return tooMuch != null ? overloaded(tooMuch) : accept(submitted, line);
  }

  private @Nullable Told join(Entry same, Submit submitted) {
    if (!same.request.fingerprint().equals(submitted.request().fingerprint())) {
      return new Told.Done(new Outcome.Conflict());
    }
    if (submitted.request().durable() && !same.request.durable()) {
      return overloaded("the id is in flight as a request that is not durable");
    }
    if (!same.hasRoom(settings.inFlightPerShard())) {
      return overloaded(
          settings.inFlightPerShard() + " callers wait for this id, which is the most");
    }
    addCaller(same, submitted);
    return null;
  }

  private Told overloaded(String tooMuch) {
    tally.overloaded++;
    return new Told.Overloaded(tooMuch);
  }

  /** Which bound stands against taking the request; null when none does. */
  private @Nullable String tooMuch(Line line, Request request) {
    if (inFlight() >= settings.inFlight()) {
      return "the router has " + settings.inFlight() + " requests in flight, which is the most";
    }
    if (line.size() >= settings.inFlightPerShard()) {
      return "shard "
          + line.slice.shard()
          + " has "
          + settings.inFlightPerShard()
          + " requests in flight, which is the most";
    }
    if (payloadChars > 0 && payloadChars + request.payload().length() > settings.inFlightChars()) {
      return "the payloads in flight have no room for another "
          + request.payload().length()
          + " characters, "
          + settings.inFlightChars()
          + " is the most";
    }
    return null;
  }

  private @Nullable Told accept(Submit submitted, Line line) {
    Entry entry = enter(submitted.request(), line, false);
    addCaller(entry, submitted);
    if (submitted.request().durable()) {
      log.accept(submitted.request(), said -> accepted(entry, said));
    } else {
      tally.accepted++;
      keep(entry);
    }
    return null;
  }

  private void addCaller(Entry entry, Submit submitted) {
    var caller = new Caller(entry, now + submitted.maxNanos(), submitted.reply());
    entry.callers.add(caller);
    callers.add(caller);
  }

  /** What is known of an id. */
  void find(String id, Reply<Told> reply) {
    Entry entry = inFlight.get(id);
    KnownIds.Known known = knownIds.find(id);
    if (entry != null && entry.stage != Entry.Stage.ASKED) {
      reply.complete(new Told.Found(entry.request.key(), entry.request.op(), null));
    } else if (known != null) {
      reply.complete(known.found());
    } else {
      log.find(id, found -> reply.complete(found(found)), why -> reply.complete(logFailed(why)));
    }
  }

  private static Told found(RequestLog.@Nullable Entry found) {
    return found == null
        ? new Told.Unknown()
        : new Told.Found(found.request().key(), found.request().op(), found.outcome());
  }

  // From first to last

  /** Puts it into its line. */
  private Entry enter(Request request, Line line, boolean isRecovered) {
    var entry = new Entry(request, line, isRecovered);
    inFlight.put(request.id(), entry);
    payloadChars += entry.chars();
    line.add(entry);
    return entry;
  }

  /** It is accepted, and is to be answered whatever happens. */
  private void keep(Entry entry) {
    if (entry.stage == Entry.Stage.ELSEWHERE) {
      entry.line.add(entry);
    }
    if (!entry.isAccepted()) {
      entry.stage = Entry.Stage.ACCEPTED;
      logged += entry.request.durable() ? 1 : 0;
      tellLate(entry);
      entry.line.advance(tellAccepted);
      deliver.accept(entry.line);
      giveUpIfUnserved(entry);
    }
  }

  /** It has its outcome, by a worker's answer. */
  void answer(Entry entry, Outcome outcome) {
    tally.answered++;
    finish(entry, outcome);
  }

  /** It has its outcome without a worker's answer. */
  void giveUp(Entry entry, Outcome outcome) {
    tally.givenUp++;
    steps.giveUp(entry);
    finish(entry, outcome);
  }

  /** Nobody will serve the group again. */
  void giveUp(GroupLines group) {
    group.isOutOfService = true;
    List.copyOf(inFlight.values()).forEach(this::giveUpIfUnserved);
  }

  private void giveUpIfUnserved(Entry entry) {
    if (entry.isAccepted() && entry.line.group.isOutOfService) {
      giveUp(entry, new Outcome.OutOfService(entry.line.slice.shard()));
    }
  }

  private void finish(Entry entry, Outcome outcome) {
    if (entry.request.durable()) {
      logged--;
      log.finish(entry.request.id(), outcome);
    }
    if (!(outcome instanceof Outcome.Conflict)) { // what the id stands for is not known here
      knownIds.add(entry.request, outcome);
    }
    forget(entry);
    entry.tell(new Told.Done(outcome));
  }

  /** It is not this router's, for whatever reason. */
  private void refuse(Entry entry, Told told) {
    forget(entry);
    entry.tell(told);
    deliver.accept(entry.line);
  }

  private void forget(Entry entry) {
    entry.stage = Entry.Stage.OVER;
    entry.line.remove(entry);
    entry.line.advance(tellAccepted);
    inFlight.remove(entry.request.id(), entry);
    payloadChars -= entry.chars();
  }

  // By time, and at the end

  /**
   * Tells those whose wait has run out, if the request is accepted; else they are told when it is.
   *
   * @return when the next wait runs out; null when nobody waits
   */
  @Nullable Long tellLate(long instant) {
    now = instant;
    Caller first = callers.first();
    while (first != null && first.isDue(now)) {
      callers.removeFirst();
      if (first.entry().stage != Entry.Stage.ASKED) {
        tellLate(first);
      }
      first = callers.first();
    }
    return first == null ? null : (Long) first.due();
  }

  private void tellLate(Entry entry) {
    for (Caller caller : entry.callers) {
      if (caller.isDue(now)) {
        tellLate(caller);
      }
    }
  }

  private void tellLate(Caller caller) {
    if (caller.reply().complete(new Told.NotInTime(caller.entry().line.slice.shard()))) {
      tally.notInTime++;
    }
  }

  /** The process ends: nobody will answer what is still here. */
  void abandon(RuntimeException ended) {
    for (Entry entry : inFlight.values()) {
      entry.callers.forEach(caller -> caller.reply().fail(ended));
    }
  }
}
