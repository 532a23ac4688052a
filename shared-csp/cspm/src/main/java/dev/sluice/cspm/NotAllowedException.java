package dev.sluice.cspm;

import java.util.List;
import java.util.Set;

/** A recorded event is none that the model allows at that point. */
public final class NotAllowedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The event that is not allowed. */
  private final String event;

  /** How many came before it. */
  private final long index;

  private final transient Set<String> allowed;
  private final transient List<String> before;

  NotAllowedException(String event, long index, Set<String> allowed, List<String> before) {
    super(
        "event %d, %s, is not allowed after ... %s: allowed is %s"
            .formatted(index, event, before, allowed));
    this.event = event;
    this.index = index;
    this.allowed = allowed;
    this.before = before;
  }

  /** {@return the event that is not allowed} */
  public String event() {
    return event;
  }

  /** {@return how many events came before it} */
  public long index() {
    return index;
  }

  /** {@return what would have been allowed} */
  public Set<String> allowed() {
    return allowed;
  }

  /** {@return the last events before it, the latest last} */
  public List<String> before() {
    return before;
  }
}
