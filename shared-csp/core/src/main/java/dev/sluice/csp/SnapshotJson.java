package dev.sluice.csp;

import dev.sluice.csp.Activity.Communicates;
import dev.sluice.csp.Activity.Joins;
import dev.sluice.csp.Activity.Runs;
import dev.sluice.csp.Activity.Wait;
import dev.sluice.csp.Activity.WaitsElsewhere;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A snapshot as JSON for programs. */
final class SnapshotJson {
  private final StringBuilder json = new StringBuilder();

  SnapshotJson(Snapshot snapshot) {
    object(() -> {
      list("scopes", snapshot.scopes(), this::scope);
      list("stalls", snapshot.stalls(), this::stall);
    });
  }

  @Override
  public String toString() {
    return json.toString();
  }

  private void scope(ScopeSnapshot scope) {
    object(() -> {
      string("id", scope.id());
      string("name", scope.name());
      string("since", scope.since().toString());
      literal("cancelled", scope.cancelled());
      list("channels", scope.channels(), this::channel);
      list("processes", scope.processes(), this::process);
      list("scopes", scope.scopes(), this::scope);
    });
  }

  private void channel(ChannelSnapshot channel) {
    ChannelStats stats = channel.stats();
    object(() -> {
      string("id", channel.id());
      string("name", stats.name());
      literal("port", channel.port());
      literal("capacity", stats.capacity());
      literal("depth", stats.depth());
      literal("sent", stats.sent());
      literal("received", stats.received());
      literal("waitingSenders", stats.waitingSenders());
      literal("waitingReceivers", stats.waitingReceivers());
      literal("closed", stats.closed());
    });
  }

  private void process(ProcessSnapshot process) {
    object(() -> {
      string("id", process.id());
      string("name", process.name());
      string("since", process.since().toString());
      activity(process.activity());
    });
  }

  private void stall(Stall stall) {
    object(() -> {
      literal("deadlock", stall.isDeadlock());
      list("stuck", stall.stuck(), this::stuck);
      list("wakers", stall.wakers(), this::quote);
    });
  }

  private void stuck(Stall.Stuck stuck) {
    object(() -> {
      string("name", stuck.name());
      string("scope", stuck.scope());
      string("id", stuck.id());
      activity(stuck.activity());
    });
  }

  private void activity(Activity activity) {
    switch (activity) {
      case Runs() -> string("state", "runs");
      case Communicates waits -> {
        string("state", "communicates");
        literal("limited", waits.limited());
        list("on", waits.on(), this::wait);
      }
      case Joins(String scope) -> {
        string("state", "joins");
        string("scopeJoined", scope);
      }
      case WaitsElsewhere(String what) -> {
        string("state", "waits");
        string("what", what);
      }
    }
  }

  private void wait(Wait wait) {
    ChannelStats stats = wait.channel().stats();
    object(() -> {
      string("direction", wait.direction().name().toLowerCase(Locale.ROOT));
      string("channel", wait.channel().id());
      string("name", stats.name());
      literal("depth", stats.depth());
      literal("capacity", stats.capacity());
    });
  }

  // The grammar. A comma follows every member and element; the bracket that closes takes its place.

  private void object(Runnable members) {
    json.append('{');
    members.run();
    close('}');
  }

  private <T> void list(String name, List<T> elements, Consumer<T> element) {
    quote(name);
    json.append(":[");
    for (T each : elements) {
      element.accept(each);
      json.append(',');
    }
    close(']');
    json.append(',');
  }

  private void close(char bracket) {
    int last = json.length() - 1;
    if (json.charAt(last) == ',') {
      json.setLength(last);
    }
    json.append(bracket);
  }

  private void string(String name, @Nullable String value) {
    quote(name);
    json.append(':');
    if (value == null) {
      json.append("null");
    } else {
      quote(value);
    }
    json.append(',');
  }

  /** A number or a truth value. */
  private void literal(String name, Object value) {
    quote(name);
    json.append(':').append(value).append(',');
  }

  private void quote(String string) {
    json.append('"');
    string.codePoints().forEach(this::character);
    json.append('"');
  }

  private void character(int codePoint) {
    switch (codePoint) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      default -> {
        if (isSafe(codePoint)) {
          json.appendCodePoint(codePoint);
        } else {
          json.append(String.format("\\u%04x", codePoint));
        }
      }
    }
  }

  /** Control characters must be escaped; half a surrogate pair cannot be written in UTF-8. */
  private static boolean isSafe(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE
        && codePoint != 0x2028 // the end of a line in JavaScript
        && codePoint != 0x2029;
  }
}
