package dev.sluice.cspm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows a recorded run through a process: after every event it knows all states that the process
 * may be in. Hidden events of the process may happen at any time; only the visible ones are
 * recorded.
 *
 * <p>That no event is rejected means that the run is a trace of the process. It does not mean that
 * the process could have ended there: look at {@link #allowed} at the end of a run.
 *
 * <p>What is worked out for one run serves all that come {@link #fresh} from it: it is kept, as
 * much as there are states of the process to which runs come. They and the script belong to one
 * thread.
 */
public final class Replay {
  private static final int REMEMBERED = 20;

  private final Script script;
  private final Situation first;
  private final Situation.All situations;
  private final Map<String, Event> events;
  private final Deque<String> last = new ArrayDeque<>();
  private Situation now;
  private long count;

  private Replay(
      Script script, Situation first, Situation.All situations, Map<String, Event> events) {
    this.script = script;
    this.first = first;
    this.situations = situations;
    this.events = events;
    this.now = first;
  }

  /**
   * Begins at the start of a process.
   *
   * @param script where the process is defined
   * @param process its name, or any expression that means a process in the script
   * @return before its first event
   * @throws CspmException it means none
   */
  public static Replay of(Script script, String process) {
    var situations = new Situation.All();
    Situation first = situations.of(List.of(script.process(process)));
    return new Replay(script, first, situations, new HashMap<>());
  }

  /**
   * The next event of the run.
   *
   * @param event as the script writes it, complete: {@code start.0.2}; {@code tick} for successful
   *     termination
   * @throws NotAllowedException it may not come now, or is no event of the script; the replay stays
   *     where it was
   */
  public void event(String event) {
    Event known = events.get(event);
    if (known == null) {
      known = script.event(event);
      if (known == null) {
        throw notAllowed(event + " (no event of " + script + ")");
      }
      events.put(event, known);
    }
    Situation next = now.after(known, situations);
    if (next == null) {
      throw notAllowed(event);
    }
    now = next;
    count++;
    remember(event);
  }

  private NotAllowedException notAllowed(String event) {
    return new NotAllowedException(event, count, allowed(), List.copyOf(last));
  }

  private void remember(String event) {
    last.addLast(event);
    if (last.size() > REMEMBERED) {
      last.removeFirst();
    }
  }

  /** {@return the events that may come now, sorted} */
  public Set<String> allowed() {
    return now.allowed();
  }

  /** {@return how many events have come} */
  public long events() {
    return count;
  }

  /** {@return the same process from its start; costs nothing} */
  public Replay fresh() {
    return new Replay(script, first, situations, events);
  }
}
