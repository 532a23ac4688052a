package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.process.WaitingLines.Place;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStore.Outcome;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.store.EpochClock;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Submits jobs. Who finds a queue full and will wait stands in the line of the queue. When there
 * may be room the first of a line are tried in one transaction, in their order, until one finds
 * none: so nobody overtakes. While there is a line, newcomers stand at its end or are refused; but
 * of one that may be a job that is there already, by its key, the engine is asked, after those
 * before it.
 */
final class Submits {
  private static final int TRIED_AT_ONCE = 256;

  private final JobStore store;
  private final JobIds ids;
  private final EpochClock clock;
  private final PoolSettings settings;
  private final Tally tally;
  private final WaitingLines<String, Waiting> places = new WaitingLines<>();
  private final Map<String, Line> lines = new HashMap<>();
  private final Set<String> toServe = new HashSet<>();
  private final Paces paces;
  private long bytes;

  /** How often there was news of room; what was submitted before may have missed it. */
  private long newsOfRoom;

  private boolean draining;

  /** Who waits for room. */
  private record Waiting(NewJob job, Reply<Submitted> reply) implements WaitingLines.Waiter {
    int size() {
      return job.payload().bytes().length;
    }
  }

  /** What is known of a queue that somebody waits for. */
  private static final class Line {
    Submitted.Full full;
    boolean isTrying;

    /** Those that may need no room, and the engine has not been asked of. */
    final List<Place<String, Waiting>> probes = new ArrayList<>();

    Line(Submitted.Full full) {
      this.full = full;
    }
  }

  Submits(JobStore store, JobIds ids, EpochClock clock, PoolSettings settings, Tally tally) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
    this.tally = tally;
    this.paces = new Paces(clock);
  }

  void submit(NewJob job, Duration maxWait, Reply<Submitted> reply) {
    if (reply.isDone()) {
      return;
    }
    if (draining) {
      reply.fail(Refusals.draining());
      return;
    }
    long deadline = clock.nanos() + maxWait.toNanos();
    var waiting = new Waiting(job, reply);
    Line line = lines.get(job.queue());
    if (line == null) {
      tryAtOnce(waiting, deadline);
    } else if (job.idempotencyKey() == null && job.debounce() == null) {
      standInLine(waiting, deadline, line.full);
    } else {
      probe(waiting, deadline, line);
    }
  }

  private void probe(Waiting waiting, long deadline, Line line) {
    if (hasPlaceFor(waiting)) {
      line.probes.add(add(waiting, deadline));
      toServe.add(waiting.job.queue());
    } else {
      tell(waiting, line.full);
    }
  }

  private void tryAtOnce(Waiting waiting, long deadline) {
    long heard = newsOfRoom;
    NewJob job = waiting.job;
    UUID id = ids.next();
    store.submit(
        new Subject.Queue(job.queue()),
        jobs -> jobs.submit(job, id),
        outcome -> {
          switch (outcome) {
            case Outcome.Done(Submitted.Full full) -> {
              standInLine(waiting, deadline, full);
              if (heard != newsOfRoom) {
                room(job.queue());
              }
            }
            case Outcome.Done(Submitted submitted) -> tell(waiting, submitted);
            case Outcome.Failed(StoreFailure why) -> waiting.reply.fail(Refusals.store(why));
          }
        });
  }

  /** If it will wait, there is a place, and its turn can come; else it is refused. */
  private void standInLine(Waiting waiting, long deadline, Submitted.Full full) {
    if (draining) {
      waiting.reply.fail(Refusals.draining());
    } else if (deadline <= clock.nanos()
        || waiting.reply.isDone()
        || waiting.size() > full.capacityBytes()
        || !hasPlaceFor(waiting)) {
      tell(waiting, full);
    } else {
      lines.computeIfAbsent(waiting.job.queue(), _ -> new Line(full)).full = full;
      add(waiting, deadline);
    }
  }

  private boolean hasPlaceFor(Waiting waiting) {
    return places.size() < settings.maxWaiters()
        && bytes + waiting.size() <= settings.maxWaitingBytes();
  }

  private Place<String, Waiting> add(Waiting waiting, long deadline) {
    bytes += waiting.size();
    return places.add(waiting.job.queue(), waiting, deadline);
  }

  private void tell(Waiting waiting, Submitted submitted) {
    tally.submitted(submitted);
    waiting.reply.complete(
        submitted instanceof Submitted.Full full
            ? full.withRoomIn(guess(waiting, full))
            : submitted);
    if (submitted instanceof Submitted.Existing && waiting.job.debounce() != null) {
      room(waiting.job.queue()); // its new payload may be smaller
    }
  }

  /** When it may find room if it comes again: after those who wait, at the queue's pace. */
  private Duration guess(Waiting refused, Submitted.Full full) {
    String queue = refused.job.queue();
    return paces.until(queue, full.endsUntilRoom(refused.size()) + places.size(queue));
  }

  /** A job of the queue has ended. */
  void ended(String queue) {
    paces.ended(queue);
    room(queue);
  }

  /** There may be room in the queue. */
  void room(String queue) {
    newsOfRoom++;
    if (lines.containsKey(queue)) {
      toServe.add(queue);
    }
  }

  /** There may be room in any queue. */
  void roomAnywhere() {
    newsOfRoom++;
    List.copyOf(lines.keySet()).forEach(this::room);
  }

  /** Whoever has submitted has gone away. */
  void abandoned(Reply<?> reply) {
    Place<String, Waiting> place = places.of(reply);
    if (place != null) {
      leave(place);
      room(place.key); // it may have been the one that was too large
    }
  }

  /** Tries the lines that may have room, and refuses those whose patience has ended. */
  void tick() {
    for (String queue : List.copyOf(toServe)) {
      Line line = lines.get(queue);
      if (line == null) {
        toServe.remove(queue);
      } else if (!line.isTrying) {
        toServe.remove(queue);
        serve(queue, line);
      }
    }
    long now = clock.nanos();
    for (var late = places.pollExpired(now); late != null; late = places.pollExpired(now)) {
      Line line = lines.get(late.key);
      if (line != null && line.isTrying) {
        late.isOver = true;
      } else if (line != null) {
        refuse(late, line);
        room(late.key);
      }
    }
  }

  private void serve(String queue, Line line) {
    List<Place<String, Waiting>> heads = places.first(queue, TRIED_AT_ONCE);
    if (heads.isEmpty()) {
      lines.remove(queue);
      return;
    }
    line.isTrying = true;
    var asked = new ArrayList<Place<String, Waiting>>(heads);
    line.probes.stream().filter(each -> !heads.contains(each)).forEach(asked::add);
    List<NewJob> wanted = asked.stream().map(each -> each.who.job).toList();
    List<UUID> drawn = asked.stream().map(_ -> ids.next()).toList();
    List<Boolean> probed = asked.stream().map(line.probes::contains).toList();
    line.probes.clear();
    store.<List<Optional<Submitted>>>submit(
        new Subject.Queue(queue),
        jobs -> {
          var answers = new ArrayList<Optional<Submitted>>();
          boolean full = false;
          for (int i = 0; i < wanted.size(); i++) {
            boolean skip = full && !probed.get(i);
            Submitted answer = skip ? null : jobs.submit(wanted.get(i), drawn.get(i));
            full |= answer instanceof Submitted.Full;
            answers.add(Optional.ofNullable(answer));
          }
          return answers;
        },
        outcome -> tried(queue, line, asked, outcome));
  }

  private void tried(
      String queue,
      Line line,
      List<Place<String, Waiting>> asked,
      Outcome<List<Optional<Submitted>>> outcome) {
    line.isTrying = false;
    boolean isRefused =
        switch (outcome) {
          case Outcome.Done(List<Optional<Submitted>> answers) -> answered(line, asked, answers);
          case Outcome.Failed(StoreFailure why) -> {
            asked.forEach(each -> fail(each, why));
            yield false;
          }
        };
    for (Place<String, Waiting> each : places.all(queue)) {
      if (each.isOver && !line.probes.contains(each)) {
        refuse(each, line);
        isRefused = false; // it may have been the one that was too large
      }
    }
    if (places.size(queue) == 0) {
      lines.remove(queue);
    } else if (!isRefused || !line.probes.isEmpty()) {
      toServe.add(queue); // who is first now has not been refused yet
    }
  }

  /**
   * Tells the answers; who was refused stays where it is.
   *
   * @return whether somebody was, and so is the first now
   */
  private boolean answered(
      Line line, List<Place<String, Waiting>> asked, List<Optional<Submitted>> answers) {
    boolean isRefused = false;
    for (int i = 0; i < asked.size(); i++) {
      Place<String, Waiting> each = asked.get(i);
      switch (answers.get(i).orElse(null)) {
        case null -> {}
        case Submitted.Full full -> {
          line.full = full;
          isRefused |= places.of(each.who.reply) != null;
        }
        case Submitted answer -> {
          leave(each);
          tell(each.who, answer);
        }
      }
    }
    return isRefused;
  }

  private void refuse(Place<String, Waiting> place, Line line) {
    if (places.of(place.who.reply) != null) {
      leave(place);
      tell(place.who, line.full);
    }
  }

  private void fail(Place<String, Waiting> place, StoreFailure why) {
    leave(place);
    place.who.reply.fail(Refusals.store(why));
  }

  private void leave(Place<String, Waiting> place) {
    if (places.remove(place)) {
      bytes -= place.who.size();
      if (places.size(place.key) == 0) {
        closeIfIdle(place.key);
      }
    }
  }

  private void closeIfIdle(String queue) {
    Line line = lines.get(queue);
    if (line != null && !line.isTrying) {
      lines.remove(queue);
    }
  }

  /** Takes no more: those who wait are refused. What the engine has been given it still does. */
  void drain() {
    draining = true;
    for (Place<String, Waiting> place : places.all()) {
      leave(place);
      place.who.reply.fail(Refusals.draining());
    }
  }

  /** When there is something to do by time; {@link Long#MAX_VALUE}: never. */
  long next() {
    boolean now = toServe.stream().map(lines::get).anyMatch(line -> line != null && !line.isTrying);
    return now ? clock.nanos() : places.nextDeadline();
  }

  int waiting() {
    return places.size();
  }

  int waiting(String queue) {
    return places.size(queue);
  }

  long waitingBytes() {
    return bytes;
  }
}
