package dev.sluice.demo;

import java.util.HashMap;
import java.util.Map;

/**
 * What reached the target, by its own count.
 *
 * @param events what came for each event, by the event's id
 * @param strays calls that the target could not count: no event id, no {@code Idempotency-Key}, or
 *     an unknown path
 */
public record Received(Map<String, Calls> events, int strays) {

  static final Received NOTHING = new Received(Map.of(), 0);

  /**
   * The calls for one event.
   *
   * @param byKey how many came with each {@code Idempotency-Key}
   * @param taken how many of them the target answered with success
   */
  public record Calls(Map<String, Integer> byKey, int taken) {
    static final Calls NONE = new Calls(Map.of(), 0);

    public Calls {
      byKey = Map.copyOf(byKey);
    }

    Calls plus(String key, boolean isTaken) {
      Map<String, Integer> more = new HashMap<>(byKey);
      more.merge(key, 1, Integer::sum);
      return new Calls(more, taken + (isTaken ? 1 : 0));
    }

    int count() {
      return byKey.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  public Received {
    events = Map.copyOf(events);
  }

  Calls of(String event) {
    return events.getOrDefault(event, Calls.NONE);
  }

  int distinct() {
    return events.size();
  }

  int delivered() {
    return (int) events.values().stream().filter(calls -> calls.taken() > 0).count();
  }

  int failed() {
    return distinct() - delivered();
  }

  int retried() {
    return (int) events.values().stream().filter(calls -> calls.count() > 1).count();
  }

  int calls() {
    return strays + events.values().stream().mapToInt(Calls::count).sum();
  }
}
