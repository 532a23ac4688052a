package dev.sluice.csp;

import java.util.List;

/**
 * All that lived in this JVM at one moment: see {@link Processes#snapshot}.
 *
 * @param scopes the open scopes that are not inside another, in the order of their opening
 * @param stalls the processes that wait for each other, deadlocks among them
 */
public record Snapshot(List<ScopeSnapshot> scopes, List<Stall> stalls) {

  /** {@return those of the stalls that nothing can wake} */
  public List<Stall> deadlocks() {
    return stalls.stream().filter(Stall::isDeadlock).toList();
  }

  /**
   * One line for each scope, channel and process, indented by scope, then the stalls:
   *
   * <pre>
   * scope table (since 2026-11-23T10:15:30Z)
   *   channel salt: 0/0, sent 0, received 0, waiting 0 to send, 1 to receive
   *   channel pepper: 0/0, sent 0, received 0, waiting 0 to send, 1 to receive
   *   process Ann (since 2026-11-23T10:15:30Z): receive from salt (0/0)
   *   process Bob (since 2026-11-23T10:15:30Z): receive from pepper (0/0)
   * deadlock: nothing can wake Ann, Bob, main
   *   process Ann of scope table: receive from salt (0/0)
   *   process Bob of scope table: receive from pepper (0/0)
   *   thread main: the end of scope table
   * </pre>
   *
   * The figures are values held and capacity. Control characters in names are shown as their
   * pictures, so a name never makes a line.
   *
   * @return empty when no scope is open
   */
  public String toText() {
    return new SnapshotText(this).toString();
  }

  /**
   * One JSON object (RFC 8259) on one line, valid for any names:
   *
   * <pre>
   * {"scopes":[{"id","name","since","cancelled",
   *             "channels":[{"id","name","port","capacity","depth","sent","received",
   *                          "waitingSenders","waitingReceivers","closed"}],
   *             "processes":[{"id","name","since",ACTIVITY}],
   *             "scopes":[as above]}],
   *  "stalls":[{"deadlock","stuck":[{"name","scope","id",ACTIVITY}],"wakers":["thread main"]}]}
   * </pre>
   *
   * ACTIVITY is {@code "state"}, one of {@code runs}, {@code communicates}, {@code joins} and
   * {@code waits}. With {@code communicates} come {@code "limited"} and {@code "on"}, a list of
   * {@code "direction"} ({@code send} or {@code receive}), {@code "channel"} (the id), {@code
   * "name"}, {@code "depth"} and {@code "capacity"}; with {@code joins} comes {@code
   * "scopeJoined"}, with {@code waits} comes {@code "what"}. Instants are those of ISO 8601. In a
   * stall, {@code scope} and {@code id} are null for a thread that is no process.
   *
   * @return without a line break
   */
  public String toJson() {
    return new SnapshotJson(this).toString();
  }

  /**
   * A Mermaid flowchart, valid for any names: a box for each scope, in it its channels with what
   * they hold and its processes, and an arrow for each wait in the direction in which the value
   * would go. Who stands in a deadlock has a red frame.
   *
   * @return lines that begin with {@code flowchart}
   */
  public String toMermaid() {
    return new SnapshotMermaid(this).toString();
  }
}
