package dev.sluice.demo;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The one process that counts. All others tell it {@link Fact facts}; whoever wants to know asks,
 * and is answered between two facts. So no count is ever half done, and nothing here needs a lock.
 */
final class Tally {

  /** What the tally takes: a fact, or a question. */
  private sealed interface Message {}

  private record Told(Fact fact) implements Message {}

  private record Asked(Reply<Snapshot> reply) implements Message {}

  /**
   * All counts at one moment.
   *
   * @param notes what happened for the first time, in a sentence each, in the order in which it did
   */
  record Snapshot(Figures figures, Map<String, Fate> fates, List<String> notes) {}

  private final Channel<Message> inbox;

  private Tally(Channel<Message> inbox) {
    this.inbox = inbox;
  }

  /** Starts the process in {@code scope}; it ends when it is {@linkplain #close closed}. */
  static Tally start(Scope scope) {
    Channel<Message> inbox = scope.channel("tally", 256);
    var books = new Books(scope.clock());
    scope.start("tally", () -> books.keep(inbox));
    return new Tally(inbox);
  }

  void tell(Fact fact) throws InterruptedException {
    inbox.send(new Told(fact));
  }

  /** All counts, after everything that the caller told before. */
  Snapshot ask() throws InterruptedException {
    var reply = new Reply<Snapshot>();
    inbox.send(new Asked(reply));
    return reply.await();
  }

  /** Lets the process end; nobody may tell or ask any more. */
  void close() {
    inbox.close();
  }

  /** What the process owns. */
  private static final class Books {
    private final Stopwatch running;
    private final Map<String, Fate> fates = new LinkedHashMap<>();
    private final Set<String> accounts = new HashSet<>();
    private final List<Duration> throttled = new ArrayList<>();
    private final List<Duration> pushedBack = new ArrayList<>();
    private final Map<String, Integer> failed = new TreeMap<>();
    private final Set<String> noted = new HashSet<>();
    private final List<String> notes = new ArrayList<>();
    private int in;
    private int dropped;
    private int sharded;
    private int outOfOrder;
    private int accepted;
    private int delivered;
    private int retried;
    private int attempts;
    private int unanswered;

    Books(Clock clock) {
      this.running = Stopwatch.start(clock);
    }

    void keep(Iterable<Message> inbox) {
      for (Message message : inbox) {
        switch (message) {
          case Told(var fact) -> count(fact);
          case Asked(var reply) -> reply.complete(snapshot());
        }
      }
    }

    private void count(Fact fact) {
      Webhook event = fact.event();
      Fate fate = fates.getOrDefault(event.id(), Fate.of(event));
      fates.put(
          event.id(),
          switch (fact) {
            case Fact.Arrived arrived -> {
              in++;
              yield fate.arrived();
            }
            case Fact.Dropped drop -> {
              dropped++;
              note("drop", "%s dropped: dedup-svc had seen it before", told(event));
              yield fate.drop();
            }
            case Fact.Sharded turn -> {
              sharded++;
              accounts.add(String.valueOf(event.account()));
              outOfOrder += turn.inOrder() ? 0 : 1;
              note(
                  "mesh",
                  "%s counted for %s by %s, shard %d",
                  told(event),
                  event.account(),
                  turn.worker(),
                  turn.shard());
              yield fate.sharded(turn);
            }
            case Fact.Granted granted -> {
              if (granted.throttled()) {
                throttled.add(granted.took());
                note(
                    event.sender(),
                    "%s is over its limit; its events now wait at the rate-limiter-svc",
                    event.sender());
              }
              yield fate;
            }
            case Fact.Accepted job -> {
              accepted++;
              if (job.refusals() > 0) {
                pushedBack.add(job.took());
                note("full", "worker-pool-svc's queue is full; submissions now wait for it");
              }
              yield fate.accepted(job.job());
            }
            case Fact.Ended(var ignored, var ending) -> {
              end(event, ending);
              yield fate.ended(ending);
            }
          });
    }

    private void end(Webhook event, Fact.Ending ending) {
      attempts += ending.attempts();
      unanswered += ending.attempts() - ending.answered();
      retried += ending.attempts() > 1 ? 1 : 0;
      if (ending.delivered()) {
        delivered++;
        if (ending.attempts() > 1) {
          note("retry", "%s delivered at attempt %d", told(event), ending.attempts());
        }
      } else {
        String reason =
            ending.attempts() == 1 ? ending.reason() : ending.reason() + " x" + ending.attempts();
        failed.merge(reason, 1, Integer::sum);
        note(reason, "%s failed: %s", told(event), reason);
      }
    }

    private static String told(Webhook event) {
      return event.type() + " of " + event.sender();
    }

    /** Keeps the sentence if it is the first of its kind. */
    private void note(String kind, String sentence, Object... with) {
      if (noted.add(kind)) {
        notes.add("%6s  %s".formatted(Report.time(running.elapsed()), sentence.formatted(with)));
      }
    }

    private Snapshot snapshot() {
      return new Snapshot(
          new Figures(
              in,
              dropped,
              sharded,
              accounts.size(),
              outOfOrder,
              Figures.Waits.of(throttled),
              Figures.Waits.of(pushedBack),
              accepted,
              delivered,
              new TreeMap<>(failed),
              retried,
              attempts,
              unanswered),
          new LinkedHashMap<>(fates),
          List.copyOf(notes));
    }
  }
}
