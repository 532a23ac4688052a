package dev.sluice.limiter.process;

import dev.sluice.csp.Clock;
import dev.sluice.cspm.Slots;
import dev.sluice.limiter.process.LimiterMessage.Request;
import dev.sluice.limiter.store.Operation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a shard does with one key, step by step, and between its steps what only the clock does: a
 * bucket that is not full gets one permit more each time one is due, counted from when it was full.
 */
final class LimiterSteps implements LimiterObserver {
  /**
   * @param what in the model's word
   * @param who the number of the request; null when it is about none
   * @param permits how many; 0 when it does not matter
   */
  record Step(String what, @Nullable Integer who, long permits) {}

  /** After which the shard has served all that it can. */
  static final Step TICK = new Step("TICK", null, 0);

  private final int burst;
  private final long interval;
  private final Clock clock;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Object, Integer> numbers = new HashMap<>();
  private long level;
  private long nextDue;

  /**
   * @param burst of the bucket, which is full
   * @param permit what a permit takes to come back
   */
  LimiterSteps(int burst, Duration permit, Clock clock) {
    this.burst = burst;
    this.interval = permit.toNanos();
    this.clock = clock;
    this.level = burst;
  }

  List<Step> all() {
    return List.copyOf(steps);
  }

  void tick() {
    refill();
    steps.add(TICK);
  }

  @Override
  public void asked(Request request) {
    numbers.put(request.reply(), numbers.size());
    add("ask", request, request.ask().permits());
  }

  @Override
  public void queued(Request request) {
    add("queue", request, 0);
  }

  @Override
  public void granted(Request request) {
    add("grant", request, 0);
    if (level == burst) {
      nextDue = clock.nanos() + interval;
    }
    level -= request.ask().permits();
  }

  @Override
  public void refused(Request request) {
    add("refuse", request, 0);
  }

  @Override
  public void left(Request request) {
    add("leave", request, 0);
  }

  @Override
  public void changed(Request request, long permits) {
    refill();
    if (request.kind() == Kind.RESET) {
      steps.add(new Step("reset", null, 0));
      level = burst;
    } else if (permits > 0) {
      steps.add(new Step("back", null, permits));
      level = Math.min(burst, level + permits);
    }
  }

  private void add(String what, Request request, long permits) {
    refill();
    steps.add(new Step(what, numbers.get(request.reply()), permits));
  }

  private void refill() {
    while (level < burst && nextDue <= clock.nanos()) {
      steps.add(new Step("refill", null, 0));
      level++;
      nextDue += interval;
    }
  }

  /** The steps in the model's names; ticks stay what they are. */
  static List<String> events(List<Step> steps, int slots) {
    var last = new HashMap<Integer, Integer>();
    for (int i = 0; i < steps.size(); i++) {
      Integer who = steps.get(i).who;
      if (who != null) {
        last.put(who, i);
      }
    }
    var names = new Slots<Integer>(slots);
    var events = new ArrayList<String>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      String permits = step.permits == 0 ? "" : "." + step.permits;
      events.add(step.what + slot(step.who, names, i, last) + permits);
    }
    return events;
  }

  private static String slot(
      @Nullable Integer who, Slots<Integer> slots, int index, Map<Integer, Integer> last) {
    if (who == null) {
      return "";
    }
    if (!slots.has(who)) {
      slots.take(who);
    }
    return "." + (last.getOrDefault(who, index) == index ? slots.free(who) : slots.of(who));
  }
}
