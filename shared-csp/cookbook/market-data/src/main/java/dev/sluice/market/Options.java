package dev.sluice.market;

import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.market.edge.DurationText;
import dev.sluice.market.model.Policy;
import dev.sluice.market.source.Generator;
import dev.sluice.market.source.LineFormat;
import dev.sluice.market.source.Replay;
import dev.sluice.market.source.Source;
import dev.sluice.market.source.TcpLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the program is told on its command line. */
@Command(
    name = "sluice market",
    sortOptions = false,
    usageHelpWidth = 110,
    description =
        "Sends ticks through a pipeline of bounded channels, shows what becomes of them, and, at the"
            + " end, that each is accounted for.",
    footer = {
      "",
      "While it runs, on the HTTP port:",
      "  GET  /q/metrics                   for Prometheus",
      "  GET  /market                      what the terminal shows, as JSON",
      "  PUT  /consumers/NAME/work         how long a consumer takes for a bar: 10ms",
      "  PUT  /sources/NAME/rate           ticks a second of a generator: 200000",
      "  PUT  /sources/NAME/garbage        share of a generator's lines that is garbage: 0.9",
      "  PUT, DELETE /subscriptions/SYMBOL what passes the filter; GET /subscriptions",
      "",
      "Ctrl-C ends it in good order; what cannot be delivered within ten seconds is counted as in flight.",
      "Exit status: 0 all is accounted for; 1 it is not, or something failed; 2 wrong options; 130 or 143"
          + " after",
      "Ctrl-C or a TERM."
    })
final class Options {
  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "end in good order after so long (until Ctrl-C)")
  int seconds = Integer.MAX_VALUE;

  @Option(names = "--sources", paramLabel = "N", description = "generators, g0 ... (10)")
  int generators = 10;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "ticks a second of each, in the mean (10000 to 50000, each another)")
  @Nullable Long rate;

  @Option(names = "--seed", paramLabel = "N", description = "of all that is random (1)")
  long seed = 1;

  @Option(names = "--symbols", paramLabel = "N", description = "that are traded, S0 ... (100)")
  int symbols = 100;

  @Option(names = "--subscribe", paramLabel = "N", description = "to the first so many (80)")
  int subscribed = 80;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description =
          "send the prices of a file too: TIME,SYMBOL,PRICE[,SIZE]; 'oil' for those that come with"
              + " the program")
  @Nullable String replay;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description = "seconds of the file that pass in a second (864000: ten days)")
  double speed = 864_000;

  @Option(names = "--loop", description = "begin the file anew at its end")
  boolean loop;

  @Option(
      names = "--tcp",
      paramLabel = "PORT",
      description = "take lines from TCP too; 0: any port")
  @Nullable Integer tcp;

  @Option(
      names = "--consumer",
      paramLabel = "NAME:POLICY:QUEUE:WORK",
      converter = ConsumerText.class,
      description =
          "who takes the bars; POLICY when its queue is full: block, drop-newest or drop-oldest; WORK:"
              + " how long it takes for a bar. May be given several times"
              + " (dashboard:block:256:1ms, archive:drop-oldest:256:1ms, alerts:drop-newest:64:5ms)")
  @Nullable List<ConsumerSettings> consumers;

  @Option(
      names = "--window",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "the length of a bar (1s)")
  Duration window = MarketSettings.DEFAULTS.window();

  @Option(
      names = "--lateness",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "how long a window is kept open for ticks out of order (5ms)")
  Duration lateness = MarketSettings.DEFAULTS.lateness();

  @Option(
      names = "--capacity",
      paramLabel = "N",
      description = "how many ticks may wait for a stage (1024)")
  int capacity = MarketSettings.DEFAULTS.capacity();

  @Option(names = "--normalisers", paramLabel = "N", description = "processes that normalise (2)")
  int normalisers = MarketSettings.DEFAULTS.normalisers();

  @Option(
      names = "--cap",
      paramLabel = "N",
      description = "ticks a second that a source may send (200000)")
  long cap = MarketSettings.DEFAULTS.cap().rate();

  @Option(names = "--port", paramLabel = "PORT", description = "of HTTP; 0: any port (8190)")
  int port = 8190;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "where HTTP and TCP listen (127.0.0.1)")
  String host = "127.0.0.1";

  @Option(
      names = "--view",
      paramLabel = "HOW",
      converter = ViewConverter.class,
      description = "live, plain (a line a second) or none (live on a terminal, else plain)")
  @Nullable View view;

  @Option(names = "--help", usageHelp = true, description = "this text")
  boolean help;

  enum View {
    LIVE,
    PLAIN,
    NONE
  }

  static final class ViewConverter implements ITypeConverter<View> {
    @Override
    public View convert(String text) {
      return switch (text) {
        case "live" -> View.LIVE;
        case "plain" -> View.PLAIN;
        case "none" -> View.NONE;
        default -> throw new TypeConversionException("must be live, plain or none");
      };
    }
  }

  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return DurationText.parse(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }
  }

  static final class ConsumerText implements ITypeConverter<ConsumerSettings> {
    @Override
    public ConsumerSettings convert(String text) {
      try {
        return consumer(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }

    private static ConsumerSettings consumer(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 4 || !parts[0].matches("[a-z0-9-]{1,32}")) {
        throw new IllegalArgumentException(
            "must be NAME:POLICY:QUEUE:WORK, such as archive:drop-oldest:256:1ms, a name of a-z, 0-9"
                + " and -");
      }
      Policy policy =
          Arrays.stream(Policy.values())
              .filter(each -> each.label().equals(parts[1]))
              .findAny()
              .orElseThrow(() ->
                  new IllegalArgumentException("policy must be block, drop-newest or drop-oldest"));
      if (!parts[2].matches("\\d{1,6}")) {
        throw new IllegalArgumentException("queue must be a number, 1 to 65536");
      }
      return new ConsumerSettings(
          parts[0], policy, Integer.parseInt(parts[2]), DurationText.parse(parts[3]));
    }
  }

  /** Checks what the settings themselves do not. */
  void check() {
    require("--seconds", seconds, 1, Integer.MAX_VALUE);
    require("--sources", generators, 0, 200);
    require("--symbols", symbols, 1, 10_000);
    require("--subscribe", subscribed, 0, symbols);
    require("--rate", rate == null ? 1 : rate, 1, 10_000_000);
    require("--cap", cap, 1, 100_000_000);
    require("--port", port, 0, 65_535);
    require("--tcp", tcp == null ? 0 : tcp, 0, 65_535);
    List<String> names = consumers().stream().map(ConsumerSettings::name).toList();
    if (names.size() > 256 || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "--consumer: there may be 256, each with a name of its own");
    }
    if (generators == 0 && replay == null && tcp == null) {
      throw new IllegalArgumentException("there are no sources: --sources, --replay or --tcp");
    }
  }

  private static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be " + least + " to " + most);
    }
  }

  MarketSettings settings() {
    var defaults = MarketSettings.DEFAULTS;
    return new MarketSettings(
        subscribedSymbols(),
        capacity,
        normalisers,
        window,
        lateness,
        defaults.patience(),
        defaults.slice(),
        true,
        new RateLimit(cap, Duration.ofSeconds(1), Math.max(1, cap / 10)),
        defaults.breaker());
  }

  /** With a file or TCP there are other symbols: then all pass, and one can unsubscribe. */
  private @Nullable Set<String> subscribedSymbols() {
    return replay != null || tcp != null
        ? null
        : symbols().stream().limit(subscribed).collect(Collectors.toSet());
  }

  private List<String> symbols() {
    return IntStream.range(0, symbols).mapToObj(i -> "S" + i).toList();
  }

  List<ConsumerSettings> consumers() {
    return consumers != null
        ? consumers
        : List.of(
            new ConsumerSettings("dashboard", Policy.BLOCK, 256, Duration.ofMillis(1)),
            new ConsumerSettings("archive", Policy.DROP_OLDEST, 256, Duration.ofMillis(1)),
            new ConsumerSettings("alerts", Policy.DROP_NEWEST, 64, Duration.ofMillis(5)));
  }

  List<Source> sources() throws IOException {
    var sources = new ArrayList<Source>();
    for (int i = 0; i < generators; i++) {
      long own = rate != null ? rate : 10_000 + 40_000L * i / Math.max(1, generators - 1);
      var format = List.of(LineFormat.values()).get(i % LineFormat.values().length);
      sources.add(
          new Generator(
              new Generator.Settings("g" + i, format, own, seed * 1_000 + i, symbols(), 0)));
    }
    if (replay != null) {
      sources.add(
          replay.equals("oil")
              ? Replay.oil(speed, loop)
              : Replay.of("replay", Path.of(replay), speed, loop));
    }
    if (tcp != null) {
      sources.add(new TcpLines("tcp", host, tcp));
    }
    return sources;
  }
}
