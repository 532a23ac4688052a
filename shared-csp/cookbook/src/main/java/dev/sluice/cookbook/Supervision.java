package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.patterns.RestartPolicy;
import dev.sluice.csp.patterns.Supervisor;
import dev.sluice.csp.patterns.Supervisor.Child;
import dev.sluice.csp.patterns.Supervisor.Event;
import dev.sluice.csp.patterns.Supervisor.Restart;
import dev.sluice.csp.patterns.Supervisor.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Task 16: one process hangs, another fails, a third is well; the supervisor starts the first two
 * again and leaves the third alone.
 *
 * <p>A process beats its heart in each round of its loop; to beat is to put a value into a channel
 * of one place, and never waits. Who misses two beats is stuck and is cancelled; who fails has said
 * so. Either is started again after a pause, from its beginning, so nothing of what may have been
 * wrong with it is left.
 *
 * <pre>
 *   supervisor --starts--> fails    --> ended: no route
 *              --starts--> hangs    --> two beats missed, cancelled
 *              --starts--> is well  --> beats, works, returns
 * </pre>
 *
 * <p>The JDK's {@code StructuredTaskScope} ends with its first failure, or gathers all: take it for
 * a few subtasks of one request, where a failure is the result. Take a supervisor for processes
 * that are to run on, where a failure is an event.
 */
final class Supervision {
  /** A machine that stalls makes everybody miss beats: that costs lives and harms nobody. */
  private static final int MANY = 100;

  private static final Settings SETTINGS =
      new Settings(
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          new RestartPolicy(
              MANY, Duration.ofMinutes(1), Duration.ofMillis(10), Duration.ofSeconds(1)));

  private Supervision() {}

  static void run(PrintStream out) throws InterruptedException {
    List<Event> events = superviseThree();
    events.stream().filter(event -> !event.child().equals("is well")).forEach(out::println);
    Check.that(lives(events, "fails") > 1, "the one that fails is started again");
    Check.that(lives(events, "hangs") > 1, "the one that hangs is started again");
  }

  /** Until all three have finished; answers what has happened. */
  private static List<Event> superviseThree() throws InterruptedException {
    try (var scope = Scope.open("supervision")) {
      Channel<Event> events = scope.channel("events", 9 * MANY);
      Channel<String> troubles = scope.channel("troubles", 1);
      Channel<String> traps = scope.channel("traps", 1);
      Channel<Integer> jobs = scope.channel("jobs", 3);
      troubles.send("no route");
      traps.send("a trap");
      Supervisor.start(
          scope,
          "supervisor",
          SETTINGS,
          List.of(
              new Child("fails", Restart.TRANSIENT, _ -> failOnce(troubles)),
              new Child("hangs", Restart.TRANSIENT, heart -> hangOnce(traps, heart)),
              new Child("is well", Restart.TRANSIENT, heart -> work(jobs, heart))),
          event -> Check.that(events.trySend(event), "there is room for the event"));
      for (int job = 1; job <= 3; job++) {
        jobs.send(job);
      }
      jobs.close();
      scope.join();
      List<Event> happened = new ArrayList<>();
      events.drainTo(happened, Integer.MAX_VALUE);
      return happened;
    }
  }

  private static void failOnce(ReceiveChannel<String> troubles) throws IOException {
    String trouble = troubles.tryReceive();
    if (trouble != null) {
      throw new IOException(trouble);
    }
  }

  private static void hangOnce(ReceiveChannel<String> traps, Heartbeat heart)
      throws InterruptedException {
    heart.beat();
    if (traps.tryReceive() != null) {
      Channel.<String>rendezvous().receive(); // for ever
    }
  }

  private static void work(ReceiveChannel<Integer> jobs, Heartbeat heart)
      throws InterruptedException {
    var select = Select.fair();
    var job = select.receive(jobs);
    select.after(heart.interval()); // to beat when there is no job
    do {
      heart.beat();
    } while (select.await() != job || !job.isClosed());
  }

  private static long lives(List<Event> events, String child) {
    return events.stream()
        .filter(event -> event instanceof Event.Started && event.child().equals(child))
        .count();
  }
}
