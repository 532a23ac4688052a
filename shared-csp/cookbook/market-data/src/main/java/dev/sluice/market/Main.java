package dev.sluice.market;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Ticker;
import dev.sluice.market.edge.ConservationTable;
import dev.sluice.market.edge.Http;
import dev.sluice.market.edge.LiveView;
import dev.sluice.market.edge.Metrics;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.source.Source;
import dev.sluice.market.source.TcpLines;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/** The program: a pipeline, what one sees of it, and the reckoning at the end. */
public final class Main {
  /** What a signal gives it to end in good order; then it is cancelled. */
  private static final int PATIENCE_SECONDS = 10;

  private static final String CLEAR = "\033[H\033[J";
  private static final String HIDE_CURSOR = "\033[?25l";
  private static final String SHOW_CURSOR = "\033[?25h";

  private final Options options;
  private final boolean isTerminal;
  private final PrintStream out;

  private Main(Options options, boolean isTerminal, PrintStream out) {
    this.options = options;
    this.isTerminal = isTerminal;
    this.out = out;
  }

  /** The program; {@code --help} says what it takes and how it exits. */
  @SuppressWarnings("SystemConsoleNull") // it is null where nothing is a terminal, in 25 too
  public static void main(String[] args) throws InterruptedException {
    System.setProperty("sun.net.httpserver.maxReqTime", "5");
    System.setProperty("sun.net.httpserver.maxRspTime", "5");
    System.setProperty("jdk.httpserver.maxConnections", "64");
    Console console = System.console();
    boolean isTerminal = console != null && console.isTerminal();
    System.exit(main(isTerminal, System.out, System.err, args));
  }

  /** The program without the exit: answers the exit status. */
  static int main(boolean isTerminal, PrintStream out, PrintStream err, String... args)
      throws InterruptedException {
    var options = new Options();
    try {
      new CommandLine(options).parseArgs(args);
      if (options.help) {
        CommandLine.usage(options, out);
        return 0;
      }
      options.check();
      options.settings();
    } catch (CommandLine.ParameterException | IllegalArgumentException wrong) {
      return refuse(err, wrong);
    }
    List<Source> sources;
    try {
      sources = options.sources();
    } catch (IllegalArgumentException | IOException wrong) {
      return refuse(err, wrong);
    }
    try {
      return new Main(options, isTerminal, out).run(sources).isAccountedFor() ? 0 : 1;
    } catch (IOException taken) { // the port of HTTP
      return refuse(err, taken);
    }
  }

  private static int refuse(PrintStream err, Exception wrong) {
    err.println("sluice market: " + wrong.getMessage());
    return 2;
  }

  private Conservation run(List<Source> sources) throws InterruptedException, IOException {
    var ended = new Reply<Boolean>();
    try (var root = Scope.open("market-data")) {
      var metrics = new Metrics(root, options.consumers());
      var market = Market.start(root, options.settings(), sources, options.consumers(), metrics);
      Thread hook = Thread.ofPlatform().unstarted(() -> endInGoodOrder(root, market, ended));
      Runtime.getRuntime().addShutdownHook(hook);
      Conservation conservation = run(root, market, metrics, sources);
      out.print(ConservationTable.of(conservation));
      out.flush();
      forget(hook);
      return conservation;
    } finally {
      ended.complete(true);
    }
  }

  private Conservation run(Scope root, Market market, Metrics metrics, List<Source> sources)
      throws InterruptedException, IOException {
    try (var http = Http.serve(root, market, metrics, options.host, options.port)) {
      say(sources, http);
      root.start("metrics", () -> metrics.run(market));
      root.start("view", () -> show(market));
      root.start("timer", () -> stopInTime(root, market));
      Conservation conservation = market.join();
      root.cancel(); // those who look on
      root.join();
      return conservation;
    }
  }

  private void say(List<Source> sources, Http http) {
    out.printf("HTTP: http://%s:%d/q/metrics, /market%n", options.host, http.port());
    for (Source source : sources) {
      if (source instanceof TcpLines tcp) {
        out.printf("TCP: nc %s %d%n", options.host, tcp.port());
      }
    }
  }

  private void stopInTime(Scope root, Market market) throws InterruptedException {
    var select = Select.fair(root.clock());
    select.after(Duration.ofSeconds(options.seconds));
    select.await();
    market.stop();
  }

  private void show(Market market) throws InterruptedException {
    Options.View how =
        options.view != null ? options.view : isTerminal ? Options.View.LIVE : Options.View.PLAIN;
    if (how == Options.View.NONE) {
      return;
    }
    boolean isLive = how == Options.View.LIVE;
    Duration period = Duration.ofMillis(isLive ? 250 : 1_000);
    out.print(isLive ? HIDE_CURSOR : "");
    try (var ticker = Ticker.every(period)) {
      long ticks = 0;
      for (var _ : ticker.channel()) {
        ticks++;
        MarketView view = market.look().await();
        if (isLive) {
          out.print(CLEAR + String.join("\n", LiveView.lines(view, heap(), width())) + "\n");
        } else {
          out.println(LiveView.line(view, ticks, heap()));
        }
        out.flush();
      }
    } catch (IllegalStateException ended) {
      // there is no more to be seen
    } finally {
      out.print(isLive ? SHOW_CURSOR : "");
    }
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : 120;
  }

  /** Of a signal: the JVM ends when this has. */
  private static void endInGoodOrder(Scope root, Market market, Reply<Boolean> ended) {
    market.stop();
    try {
      ended.stage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException tooLong) {
      root.cancel();
      ended.stage().toCompletableFuture().join();
    } catch (InterruptedException | ExecutionException never) {
      root.cancel();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // it is running: the JVM ends when it has
    }
  }
}
