package dev.sluice.csp;

import dev.sluice.csp.Activity.Communicates;
import dev.sluice.csp.Activity.Joins;
import dev.sluice.csp.Activity.Runs;
import dev.sluice.csp.Activity.Wait;
import dev.sluice.csp.Activity.WaitsElsewhere;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A snapshot as a Mermaid flowchart. Nodes go by the generated ids, and names are only ever inside
 * quotes, with all but letters and digits written as entities: so no name is taken for syntax,
 * Markdown or HTML.
 */
final class SnapshotMermaid {
  private final StringBuilder chart = new StringBuilder("flowchart LR\n");
  private final Set<String> drawn = new LinkedHashSet<>();
  private final List<String> arrows = new ArrayList<>();

  SnapshotMermaid(Snapshot snapshot) {
    snapshot.scopes().forEach(scope -> draw(scope, "  "));
    snapshot.scopes().forEach(this::waits);
    arrows.forEach(arrow -> line("  ", arrow));
    List<String> dead =
        snapshot.deadlocks().stream()
            .flatMap(stall -> stall.stuck().stream())
            .map(Stall.Stuck::id)
            .filter(id -> id != null)
            .toList();
    if (!dead.isEmpty()) {
      line("  ", "classDef deadlock stroke:#c00,stroke-width:3px");
      line("  ", "class " + String.join(",", dead) + " deadlock");
    }
  }

  @Override
  public String toString() {
    return chart.toString();
  }

  private void draw(ScopeSnapshot scope, String indent) {
    line(
        indent,
        "subgraph "
            + scope.id()
            + label("scope " + scope.name() + (scope.cancelled() ? ", cancelled" : "")));
    scope.channels().forEach(channel -> draw(channel, indent + "  "));
    for (ProcessSnapshot process : scope.processes()) {
      line(
          indent + "  ",
          process.id()
              + label(process.name(), "since " + process.since(), state(process.activity())));
    }
    scope.scopes().forEach(inside -> draw(inside, indent + "  "));
    line(indent, "end");
  }

  private void draw(ChannelSnapshot channel, String indent) {
    ChannelStats stats = channel.stats();
    String holds = stats.depth() + "/" + stats.capacity();
    line(
        indent,
        channel.id()
            + "("
            + label(
                (channel.port() ? "port " : "") + stats.name(),
                holds + (stats.closed() ? ", closed" : ""))
            + ")");
    drawn.add(channel.id());
  }

  private static String state(Activity activity) {
    return switch (activity) {
      case Runs() -> "runs";
      case Communicates waits -> waits.limited() ? "waits, with a time limit" : "waits";
      case Joins _, WaitsElsewhere _ -> "waits for " + SnapshotText.describe(activity);
    };
  }

  private void waits(ScopeSnapshot scope) {
    for (ProcessSnapshot process : scope.processes()) {
      if (process.activity() instanceof Communicates waits) {
        waits.on().forEach(wait -> arrow(process.id(), wait));
      }
    }
    scope.scopes().forEach(this::waits);
  }

  private void arrow(String process, Wait wait) {
    String channel = wait.channel().id();
    if (!drawn.contains(channel)) {
      draw(wait.channel(), "  "); // it belongs to no scope
    }
    arrows.add(
        switch (wait.direction()) {
          case SEND -> process + " -. send .-> " + channel;
          case RECEIVE -> channel + " -. receive .-> " + process;
        });
  }

  private void line(String indent, String line) {
    chart.append(indent).append(line).append('\n');
  }

  private static String label(String... lines) {
    var label = new StringBuilder("[\"");
    for (int i = 0; i < lines.length; i++) {
      label.append(i == 0 ? "" : "<br/>");
      SnapshotText.visible(lines[i]).codePoints().forEach(each -> append(label, each));
    }
    return label.append("\"]").toString();
  }

  private static void append(StringBuilder label, int codePoint) {
    if (codePoint == ' ' || Character.isLetterOrDigit(codePoint)) {
      label.appendCodePoint(codePoint);
    } else {
      label.append('#').append(codePoint).append(';');
    }
  }
}
