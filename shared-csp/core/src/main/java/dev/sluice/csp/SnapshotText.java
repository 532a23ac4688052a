package dev.sluice.csp;

import dev.sluice.csp.Activity.Communicates;
import dev.sluice.csp.Activity.Joins;
import dev.sluice.csp.Activity.Runs;
import dev.sluice.csp.Activity.Wait;
import dev.sluice.csp.Activity.WaitsElsewhere;
import java.util.stream.Collectors;

/** A snapshot as text for people. */
final class SnapshotText {
  private final StringBuilder text = new StringBuilder();

  SnapshotText(Snapshot snapshot) {
    snapshot.scopes().forEach(scope -> add(scope, ""));
    snapshot.stalls().forEach(this::add);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void add(ScopeSnapshot scope, String indent) {
    line(
        indent
            + ("scope " + scope.name() + " (since " + scope.since() + ")")
            + (scope.cancelled() ? ", cancelled" : ""));
    String inner = indent + "  ";
    scope.channels().forEach(channel -> line(inner + describe(channel)));
    for (ProcessSnapshot process : scope.processes()) {
      line(
          inner
              + ("process " + process.name() + " (since " + process.since() + "): ")
              + describe(process.activity()));
    }
    scope.scopes().forEach(inside -> add(inside, inner));
  }

  private void add(Stall stall) {
    line(
        (stall.isDeadlock()
                ? "deadlock: nothing can wake "
                : "stalled: only " + String.join(", ", stall.wakers()) + " can wake ")
            + stall.stuck().stream().map(Stall.Stuck::name).collect(Collectors.joining(", ")));
    for (Stall.Stuck each : stall.stuck()) {
      String who =
          each.scope() == null
              ? "thread " + each.name()
              : "process " + each.name() + " of scope " + each.scope();
      line("  " + who + ": " + describe(each.activity()));
    }
  }

  private void line(String line) {
    text.append(visible(line)).append('\n');
  }

  private static String describe(ChannelSnapshot channel) {
    ChannelStats stats = channel.stats();
    return (channel.port() ? "port " : "channel ")
        + stats.name()
        + (stats.closed() ? " (closed)" : "")
        + (": " + stats.depth() + "/" + stats.capacity())
        + (", sent " + stats.sent() + ", received " + stats.received())
        + (", waiting " + stats.waitingSenders() + " to send, ")
        + (stats.waitingReceivers() + " to receive");
  }

  static String describe(Activity activity) {
    return switch (activity) {
      case Runs() -> "runs";
      case Communicates waits ->
          (waits.on().size() == 1 ? "" : "select ")
              + (waits.on().isEmpty()
                  ? "with every case off"
                  : waits.on().stream()
                      .map(SnapshotText::describe)
                      .collect(Collectors.joining(" or ")))
              + (waits.limited() ? ", with a time limit" : "");
      case Joins(String scope) -> "the end of scope " + scope;
      case WaitsElsewhere(String what) -> what;
    };
  }

  private static String describe(Wait wait) {
    ChannelStats stats = wait.channel().stats();
    return switch (wait.direction()) {
          case SEND -> "send on ";
          case RECEIVE -> "receive from ";
        }
        + stats.name()
        + (" (" + stats.depth() + "/" + stats.capacity() + ")");
  }

  /** The text with pictures for what would not show, or would make a line. */
  static String visible(String text) {
    return text.codePoints()
        .map(SnapshotText::visible)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static int visible(int codePoint) {
    if (codePoint < ' ') {
      return 0x2400 + codePoint; // the pictures stand in the order of what they picture
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          0xFFFD;
      default -> codePoint;
    };
  }
}
