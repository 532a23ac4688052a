package dev.sluice.mesh.process.router;

import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.FromWorker.Answer;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.RouterCounts.Load;
import dev.sluice.mesh.model.RouterOrder.Route;
import dev.sluice.mesh.model.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Delivers what waits in the lines to their owners and hears the answers; owned by the router. When
 * an owner's link is gone or a slice has moved, it takes back what is unanswered, and delivers it
 * over the next link or to the next owner, in its order. An answer to a delivery that has been
 * taken back is dropped.
 */
final class Workers {

  /** Told what became of a request. */
  interface Outcomes {
    void answered(Entry entry, Outcome outcome);

    /** Too many workers have failed while they were running it. */
    void givenUp(Entry entry, Outcome outcome);
  }

  private final Table table;
  private final int redeliveries;
  private final Steps steps;
  private final Tally tally;
  private final Outcomes outcomes;
  private final SendChannel<Heard> heard;
  private final Consumer<LinkReader> readers;
  private final Peers peers = new Peers();

  /** Those that are linked now. */
  private List<WorkerLink> links = List.of();

  /**
   * @param outcomes told what became of a request
   * @param heard where readers send what they hear
   * @param readers starts a reader
   */
  Workers(
      Table table,
      int redeliveries,
      Steps steps,
      Tally tally,
      Outcomes outcomes,
      SendChannel<Heard> heard,
      Consumer<LinkReader> readers) {
    this.table = table;
    this.redeliveries = redeliveries;
    this.steps = steps;
    this.tally = tally;
    this.outcomes = outcomes;
    this.heard = heard;
    this.readers = readers;
  }

  // To the workers

  void deliver(Line line) {
    WorkerLink link = line.link;
    while (link != null && line.hasWaiting()) {
      if (!link.hasRoom()) {
        link.starve(line);
        return;
      }
      deliverNext(line, link);
    }
  }

  private void deliverNext(Line line, WorkerLink link) {
    Entry entry = line.next();
    if (entry.wasDelivered) {
      tally.redelivered++;
    }
    entry.wasDelivered = true;
    steps.deliver(entry, link.worker());
    link.deliver(entry);
  }

  /** Gives what room there is to the lines that wait for it, one request each in turn. */
  private void feedStarved(WorkerLink link) {
    while (link.hasRoom()) {
      Line line = link.pollStarved();
      if (line == null) {
        return;
      }
      if (line.link == link && line.hasWaiting()) {
        deliverNext(line, link);
        if (line.hasWaiting()) {
          link.starve(line);
        }
      }
    }
  }

  /**
   * Sends what has been delivered in this round.
   *
   * @return whether all has gone out
   */
  boolean flush() {
    boolean all = true;
    for (WorkerLink link : links) {
      all &= link.flush();
    }
    return all;
  }

  // From the workers

  void handle(Hello hello) {
    WorkerId worker = hello.hello().worker();
    Peer peer = peers.of(worker.name());
    if (!peer.takes(worker) || hello.hello().window() < 1 || links.size() >= Peers.MAX_LINKS) {
      hello.link().cut().run();
      return;
    }
    if (peer.link != null) {
      cut(peer.link);
    }
    var link = new WorkerLink(hello.hello(), hello.link());
    peer.linked(link);
    links = peers.links();
    readers.accept(new LinkReader(link, hello.link().in(), heard));
    table
        .lines()
        .filter(line -> worker.equals(line.owner))
        .forEach(line -> {
          line.link = link;
          deliver(line);
        });
  }

  void handle(Heard from) {
    WorkerLink link = from.link();
    link.hear();
    for (FromWorker message : from.messages()) {
      switch (message) {
        case FromWorker.Answers(List<Answer> answers) -> {
          for (Answer answer : answers) {
            handle(link, answer);
          }
        }
        case FromWorker.Ping() -> {}
      }
    }
    if (from.messages().isEmpty()) {
      cut(link);
    } else if (!link.isCut()) {
      feedStarved(link);
    }
  }

  private void handle(WorkerLink link, Answer answer) {
    Entry entry = link.answered(answer.number());
    if (entry == null) {
      cut(link); // who answers what it was not asked cannot be trusted
    } else if (!entry.isWith(link, answer.number())) {
      drop(link, entry, answer); // of an epoch that has passed, or of a process that is fenced
    } else if (answer.result() instanceof Result.Stale) {
      takeBack(entry.line); // its next owner will come with the next epoch
      entry.line.owner = null;
      entry.line.link = null;
    } else if (answer.epoch() != entry.line.epoch) {
      drop(link, entry, answer);
      cut(link);
    } else {
      settle(link, entry, answer.result());
    }
  }

  private void drop(WorkerLink link, Entry entry, Answer answer) {
    tally.stale++;
    steps.drop(entry, link.worker(), answer.epoch());
  }

  private void settle(WorkerLink link, Entry entry, Result result) {
    int shard = entry.line.slice.shard();
    long epoch = entry.line.epoch;
    String worker = link.worker().name();
    Outcome outcome =
        switch (result) {
          case Result.Replied(String reply) -> new Outcome.Replied(shard, worker, epoch, reply);
          case Result.Failed(String reason) -> new Outcome.Failed(shard, worker, epoch, reason);
          case Result.Faulty _ -> new Outcome.Faulty(shard, worker, epoch);
          case Result.Full(String reason) -> new Outcome.NoRoom(shard, worker, epoch, reason);
          case Result.Conflicts _ -> new Outcome.Conflict();
          case Result.Stale _ -> throw new IllegalArgumentException("it has not been run");
        };
    peers.served(worker);
    steps.answer(entry, link.worker());
    outcomes.answered(entry, outcome);
  }

  // From the supervisor

  /** Whether such a slice can be is the caller's to know. */
  void handle(Route route) {
    Line line = table.group(route.slice().group()).line(route.slice().shard());
    boolean isNews = route.epoch() > line.epoch;
    boolean isKnownAgain = route.epoch() == line.epoch && line.owner == null;
    if (isNews || isKnownAgain) {
      takeBack(line);
      line.owner = route.owner();
      line.epoch = route.epoch();
      peers.of(route.owner().name()).owns(route.owner());
      line.link = peers.link(route.owner());
      deliver(line);
    }
  }

  /** Only what it was running can have been its undoing; what had only been sent to it cannot. */
  void fence(WorkerId worker) {
    Peer peer = peers.of(worker.name());
    WorkerLink link = peer.link;
    if (link != null && link.worker().incarnation() <= worker.incarnation()) {
      cut(link);
    }
    Entry suspect = peer.fenced(worker);
    table.lines().filter(line -> worker.equals(line.owner)).forEach(line -> line.owner = null);
    if (suspect != null && suspect.isAccepted() && ++suspect.strikes > redeliveries) {
      outcomes.givenUp(suspect, new Outcome.GivenUp(suspect.line.slice.shard(), suspect.strikes));
    }
  }

  // By time, and at the end

  /** A heartbeat has passed. */
  void tick() {
    for (WorkerLink link : links) {
      if (!link.tick()) {
        cut(link);
      }
    }
  }

  void cutAll() {
    links.forEach(this::cut);
  }

  private void cut(WorkerLink link) {
    if (link.isCut()) {
      return;
    }
    Entry running = link.running();
    link.cut();
    peers.of(link.worker().name()).unlinked(link.worker(), running);
    links = peers.links();
    table
        .lines()
        .filter(line -> line.link == link)
        .forEach(line -> {
          takeBack(line);
          line.link = null;
        });
  }

  private void takeBack(Line line) {
    line.takeBack(steps::takeBack);
  }

  Map<String, Load> loads() {
    return peers.loads();
  }
}
