package dev.sluice.demo;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.util.List;
import java.util.stream.Stream;

/**
 * Feeds recorded webhooks through the four services to a target of its own and holds the books
 * against the target's.
 *
 * <pre>
 *   scope demo
 *     run          starts the others, waits for the pipeline, draws the balance
 *     tally        owns our counts      &lt;-- facts --  every process of the pipeline
 *     target       owns the target's    &lt;-- calls --  worker-pool-svc
 *     screen       asks the tally, writes
 *     scope pipeline
 *       feed, entrance, limits, couriers, watchers: see {@link Pipeline}
 * </pre>
 */
public final class Demo {

  private final Scope scope;
  private final Recording recording;
  private final Options options;
  private final Appendable out;

  private Demo(Scope scope, Recording recording, Options options, Appendable out) {
    this.scope = scope;
    this.recording = recording;
    this.options = options;
    this.out = out;
  }

  /** The program; {@link Options#USAGE} says what it takes and how it exits. */
  public static void main(String[] args) throws InterruptedException {
    Console console = System.console();
    System.exit(main(console != null && console.isTerminal(), System.out, System.err, args));
  }

  /** The program without the exit: answers the exit status. */
  static int main(boolean terminal, PrintStream out, PrintStream err, String... args)
      throws InterruptedException {
    try {
      if (List.of(args).contains("--help")) {
        out.print(Options.USAGE);
        return 0;
      }
      if (List.of(args).contains("--check")) {
        check(terminal, args);
        return 0;
      }
      return run(Options.parse(terminal, args), out).isGood() ? 0 : 1;
    } catch (Options.BadOption | Recording.BadRecording wrong) {
      err.println("sluice demo: " + wrong.getMessage());
      return 2;
    } catch (ServiceFailed failed) {
      err.println("sluice demo: " + failed.getMessage());
      return 3;
    }
  }

  private static void check(boolean terminal, String... args)
      throws Options.BadOption, Recording.BadRecording {
    String[] others =
        Stream.of(args).filter(each -> !each.equals("--check")).toArray(String[]::new);
    Recording.load(Options.parse(terminal, others).events());
  }

  /**
   * Runs the demo, writing to {@code out} what happens and, at the end, the table.
   *
   * @throws Recording.BadRecording the recording cannot be fed
   * @throws ServiceFailed a service cannot be reached, or answers what it must not
   */
  public static Outcome run(Options options, Appendable out)
      throws Recording.BadRecording, InterruptedException {
    Recording recording = Recording.load(options.events());
    var outcome = new Reply<Outcome>();
    try (var scope = Scope.open("demo")) {
      var demo = new Demo(scope, recording, options, out);
      scope.start("run", () -> outcome.complete(demo.run()));
      scope.join();
    }
    return outcome.await();
  }

  private Outcome run() throws InterruptedException, IOException {
    Clock clock = scope.clock();
    String run = Long.toString(clock.instant().toEpochMilli(), Character.MAX_RADIX);
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var target = Target.start(scope)) {
      var suite = new Suite(options, client, run, clock);
      suite.requireReady();
      out.append(Report.opening(recording, options, target.uri().toString())).append('\n');

      var running = Stopwatch.start(clock);
      var tally = Tally.start(scope);
      var screen = Screen.start(scope, out, options.live(), tally);
      try (var stages = scope.child("pipeline")) {
        new Pipeline(stages, recording, options, suite, target.uri(), tally).start();
        stages.join();
      }
      screen.close();
      var outcome = Outcome.of(tally.ask(), target.received(), running.elapsed());
      tally.close();
      out.append('\n').append(Report.table(outcome));
      return outcome;
    }
  }
}
