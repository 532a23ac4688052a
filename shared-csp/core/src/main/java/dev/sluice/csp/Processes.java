package dev.sluice.csp;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look at all processes that live in this JVM. It costs the processes nothing until it is asked
 * for.
 */
public final class Processes {
  private Processes() {}

  /**
   * Who lives, since when, and what each waits for; with the named channels and what they hold. One
   * line each, indented by scope:
   *
   * <pre>
   * scope limiter (since 2026-11-23T10:15:30Z)
   *   channel shard-0: 0/1024, sent 17, received 17, waiting 0 to send, 1 to receive
   *   process shard-0 (since 2026-11-23T10:15:30Z): receive from shard-0
   * </pre>
   *
   * The processes go on meanwhile, so the lines are not of one instant.
   */
  public static String dump() {
    var text = new StringBuilder();
    for (Scope root : Scope.roots()) {
      append(text, root, "");
    }
    return text.toString();
  }

  /** The open scopes that are not inside another, in the order of their opening. */
  public static List<Scope> scopes() {
    return Scope.roots();
  }

  private static void append(StringBuilder text, Scope scope, String indent) {
    line(
        text,
        indent,
        "scope "
            + scope.name()
            + since(scope.since())
            + (scope.isCancelled() ? ", cancelled" : ""));
    String inner = indent + "  ";
    for (Channel<?> channel : scope.channels()) {
      line(text, inner, describe(channel.stats()));
    }
    for (Process process : scope.processes()) {
      @Nullable String waitsFor = process.waitsFor();
      line(
          text,
          inner,
          "process "
              + process.name()
              + since(process.since())
              + ": "
              + (waitsFor == null ? "runs" : waitsFor));
    }
    for (Scope child : scope.children()) {
      append(text, child, inner);
    }
  }

  private static String describe(ChannelStats stats) {
    return "channel "
        + stats.name()
        + (stats.closed() ? " (closed)" : "")
        + ": "
        + stats.depth()
        + "/"
        + stats.capacity()
        + ", sent "
        + stats.sent()
        + ", received "
        + stats.received()
        + ", waiting "
        + stats.waitingSenders()
        + " to send, "
        + stats.waitingReceivers()
        + " to receive";
  }

  private static String since(Instant since) {
    return " (since " + since + ")";
  }

  private static void line(StringBuilder text, String indent, String line) {
    text.append(indent).append(line).append('\n');
  }
}
