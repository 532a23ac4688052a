package dev.sluice.bench;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How shapes are called: in the results {@code Class.method:parameter=value}, as JMH has it (and
 * the Go benchmarks take over); in tables and plots by what they are.
 */
final class Labels {
  /** The contestants, in the order of columns and bars. */
  static final List<String> CONTESTANTS =
      List.of(
          "ParkFloor",
          "sluice",
          "sluice-in-scope",
          "jox",
          "kotlin",
          "go",
          "SynchronousQueue",
          "ArrayBlockingQueue",
          "LinkedBlockingQueue",
          "LockedQueue");

  /** The queues of the JDK, of which the best is a mark to compare with. */
  static final List<String> JDK =
      List.of("SynchronousQueue", "ArrayBlockingQueue", "LinkedBlockingQueue");

  /** The groups of shapes that share a plot, each by the classes of its benchmarks. */
  static final Map<String, List<String>> PLOTS =
      Map.of(
          "hand-off", List.of("RendezvousBench", "PingPongBench", "PairsBench", "ChainBench"),
          "buffered", List.of("BufferedBench"),
          "fan", List.of("FanBench"),
          "fan-rendezvous", List.of("RendezvousFanBench"),
          "select", List.of("SelectBench"),
          "try", List.of("TryBench"));

  private static final List<String> ORDER =
      List.of(
          "RendezvousBench",
          "PingPongBench",
          "PairsBench",
          "ChainBench",
          "BufferedBench",
          "FanBench",
          "RendezvousFanBench",
          "SelectBench",
          "TryBench",
          "ObservabilityBench");

  private static final Pattern NUMBER = Pattern.compile("=(\\d+)");

  private Labels() {}

  /** Orders shapes as the tables have them. */
  static int compare(String one, String other) {
    int byClass = Integer.compare(ORDER.indexOf(classOf(one)), ORDER.indexOf(classOf(other)));
    if (byClass != 0) {
      return byClass;
    }
    int byMethod = method(one).compareTo(method(other));
    if (byMethod != 0) {
      return byMethod;
    }
    int byNumber = Integer.compare(number(one), number(other));
    return byNumber != 0 ? byNumber : one.compareTo(other);
  }

  static String classOf(String shape) {
    return shape.substring(0, shape.indexOf('.'));
  }

  private static String method(String shape) {
    int colon = shape.indexOf(':');
    return shape.substring(shape.indexOf('.') + 1, colon < 0 ? shape.length() : colon);
  }

  private static int number(String shape) {
    Matcher number = NUMBER.matcher(shape);
    return number.find() ? Integer.parseInt(number.group(1)) : 0;
  }

  /** What a reader calls the shape; itself where it has no other name. */
  static String of(String shape) {
    int n = number(shape);
    return switch (classOf(shape) + "." + method(shape)) {
      case "RendezvousBench.oneToOne" -> "rendezvous 1:1";
      case "PingPongBench.pingPong" -> "ping-pong, round trip";
      case "PairsBench.pairs" -> "10,000 pairs";
      case "ChainBench.chain" -> "chain of 10,000";
      case "BufferedBench.oneToOne" -> "buffer " + n + ", 1:1";
      case "FanBench.manyToOne" -> "buffer 16, " + n + ":1";
      case "FanBench.oneToMany" -> "buffer 16, 1:" + n;
      case "FanBench.manyToMany" -> "buffer 16, " + n + ":" + n;
      case "RendezvousFanBench.manyToOne" -> "rendezvous " + n + ":1";
      case "RendezvousFanBench.oneToMany" -> "rendezvous 1:" + n;
      case "RendezvousFanBench.manyToMany" -> "rendezvous " + n + ":" + n;
      case "SelectBench.receive" -> "select receive, " + n;
      case "SelectBench.mixed" -> "select mixed, " + n;
      case "TryBench.trySendTryReceive" -> "trySend + tryReceive";
      case "ObservabilityBench.oneToOne" ->
          n == 0 ? "named or not: rendezvous 1:1" : "named or not: buffer " + n + ", 1:1";
      default -> shape;
    };
  }
}
