package dev.sluice.demo;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is told on its command line.
 *
 * @param limiter where the rate-limiter-svc is
 * @param dedup where the dedup-svc is
 * @param pool where the worker-pool-svc is
 * @param mesh where the mesh-svc is
 * @param speed how many recorded seconds pass in one real second
 * @param events the recording, or null for the one that comes with the demo
 * @param patience how long one event, and at the end all that is still open, may take before the
 *     run has failed
 * @param live whether the progress is one line that is written over (a terminal) or a new line
 *     every second
 */
public record Options(
    URI limiter,
    URI dedup,
    URI pool,
    URI mesh,
    double speed,
    @Nullable Path events,
    Duration patience,
    boolean live) {

  static final String USAGE =
      """
      Usage: sluice demo [OPTION]...
      Feeds a recorded stream of webhooks through the four services and counts what comes out.

        --limiter URL     rate-limiter-svc  (http://127.0.0.1:8081)
        --dedup URL       dedup-svc         (http://127.0.0.1:8082)
        --pool URL        worker-pool-svc   (http://127.0.0.1:8083)
        --mesh URL        mesh-svc          (http://127.0.0.1:8084)
        --speed N         recorded seconds that pass in a second, 0.1 to 100  (4)
        --events FILE     another recording, one JSON object a line  (the one in the program)
        --patience SECS   how long an event, or the rest at the end, may take, 1 to 3600  (60)
        --progress HOW    live: one line that is written over; plain: a line every second  (live on a terminal)
        --check           only see whether the options and the recording can be taken
        --help            this text

      Exit status: 0 all is accounted for; 1 something was lost, doubled, out of order, or the counts disagree;
      2 wrong options or a recording that cannot be read; 3 a service cannot be reached or stopped answering.
      """;

  /** An option that the demo cannot take; the message names it, its value, and what is allowed. */
  public static final class BadOption extends Exception {
    private static final long serialVersionUID = 1;

    BadOption(String message) {
      super(message);
    }
  }

  /**
   * The services at their usual ports on this machine, the recording in the program, a plain
   * progress line.
   */
  public static Options defaults() {
    return new Options(
        URI.create("http://127.0.0.1:8081"),
        URI.create("http://127.0.0.1:8082"),
        URI.create("http://127.0.0.1:8083"),
        URI.create("http://127.0.0.1:8084"),
        4,
        null,
        Duration.ofSeconds(60),
        false);
  }

  /** Reads {@code --name value} and {@code --name=value}; the last of several wins. */
  public static Options parse(boolean terminal, String... args) throws BadOption {
    Options options = defaults().withLive(terminal);
    Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
    while (!rest.isEmpty()) {
      String[] parts = rest.pop().split("=", 2);
      String name = parts[0];
      if (parts.length == 2) {
        rest.push(parts[1]);
      }
      options =
          switch (name) {
            case "--limiter" -> options.withLimiter(url(name, rest));
            case "--dedup" -> options.withDedup(url(name, rest));
            case "--pool" -> options.withPool(url(name, rest));
            case "--mesh" -> options.withMesh(url(name, rest));
            case "--speed" -> options.withSpeed(number(name, rest, 0.1, 100));
            case "--events" -> options.withEvents(file(name, rest));
            case "--patience" ->
                options.withPatience(
                    Duration.ofMillis((long) (1_000 * number(name, rest, 1, 3_600))));
            case "--progress" -> options.withLive(live(name, rest));
            default ->
                throw new BadOption("unknown option '" + name + "'; --help lists those there are");
          };
    }
    return options;
  }

  private static String value(String name, Deque<String> rest) throws BadOption {
    if (rest.isEmpty() || rest.peek().isBlank() || rest.peek().startsWith("--")) {
      throw new BadOption(name + " needs a value");
    }
    return rest.pop();
  }

  private static URI url(String name, Deque<String> rest) throws BadOption {
    String value = value(name, rest);
    try {
      var uri = new URI(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below, as for every other value that is no address
    }
    throw new BadOption(
        name + " is '" + value + "', but must be an address like http://127.0.0.1:8081");
  }

  private static double number(String name, Deque<String> rest, double min, double max)
      throws BadOption {
    String value = value(name, rest);
    try {
      double number = Double.parseDouble(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, as for a number out of range
    }
    throw new BadOption(
        "%s is '%s', but must be a number from %s to %s"
            .formatted(name, value, plain(min), plain(max)));
  }

  static String plain(double number) {
    return number == (long) number ? Long.toString((long) number) : Double.toString(number);
  }

  private static boolean live(String name, Deque<String> rest) throws BadOption {
    String value = value(name, rest);
    return switch (value) {
      case "live" -> true;
      case "plain" -> false;
      default -> throw new BadOption(name + " is '" + value + "', but must be live or plain");
    };
  }

  private static Path file(String name, Deque<String> rest) throws BadOption {
    Path file = Path.of(value(name, rest));
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new BadOption(name + " is '" + file + "', but there is no such file that can be read");
    }
    return file;
  }

  public Options withLimiter(URI limiter) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }

  public Options withDedup(URI dedup) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }

  public Options withPool(URI pool) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }

  public Options withMesh(URI mesh) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }

  public Options withSpeed(double speed) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }

  public Options withEvents(@Nullable Path events) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }

  public Options withPatience(Duration patience) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }

  public Options withLive(boolean live) {
    return new Options(limiter, dedup, pool, mesh, speed, events, patience, live);
  }
}
