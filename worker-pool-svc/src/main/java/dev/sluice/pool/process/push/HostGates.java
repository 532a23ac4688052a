package dev.sluice.pool.process.push;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.QueueSettings;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Decides for each host of a push queue whether a call may begin: so many at once, so many in some
 * time, and none while its circuit breaker is open. Owned by one process.
 *
 * <p>A host of which there is nothing to remember is forgotten: no call runs, its rate is unused,
 * and it has not failed, or nothing was asked of it for {@link #REMEMBERED}. At most {@link
 * #MAX_HOSTS} that have no call are remembered; of more, those are forgotten that have not been
 * asked for the longest time.
 */
public final class HostGates {
  /** How many hosts without a call are remembered at most. */
  public static final int MAX_HOSTS = 10_000;

  /** How long failures of a host are remembered that nothing is asked of. */
  public static final Duration REMEMBERED = Duration.ofHours(1);

  private final Clock clock;
  private final int maxHosts;

  /** By name; the one that was asked last is the last. */
  private final SequencedMap<String, Gate> gates = new LinkedHashMap<>();

  private QueueSettings settings;
  private int running;

  /** A queue that has called nobody yet. */
  public HostGates(QueueSettings settings, Clock clock) {
    this(settings, clock, MAX_HOSTS);
  }

  HostGates(QueueSettings settings, Clock clock, int maxHosts) {
    this.settings = settings;
    this.clock = clock;
    this.maxHosts = maxHosts;
  }

  /** Other settings; breakers that are open stay so, unless there are to be none. */
  public void change(QueueSettings other) {
    settings = other;
    for (Gate gate : gates.values()) {
      gate.rate.change(other.hostRate());
      if (other.breaker() == null) {
        gate.breaker.close();
      }
    }
  }

  /**
   * Begins a call if it may. {@link Admission.Go}: it counts as begun, until {@link #ended} or
   * {@link #withdrawn}.
   *
   * @param host its name; in letters of either case, with or without the dot at its end
   */
  public Admission tryBegin(String host) {
    Gate gate = asked(normal(host));
    Admission admission = gate.tryBegin(settings);
    if (admission instanceof Admission.Go) {
      running++;
    }
    return admission;
  }

  /**
   * A call has ended.
   *
   * @param failed there was no answer, or one that says that the host is unwell: {@link
   *     Judgement#isUnwell}
   * @throws IllegalStateException none has begun
   */
  public void ended(String host, boolean failed) {
    end(host).breaker.ended(failed, settings.breaker());
  }

  /**
   * A call has begun, but was not made: it says nothing of the host, and does not count against its
   * rate.
   *
   * @throws IllegalStateException none has begun
   */
  public void withdrawn(String host) {
    Gate gate = end(host);
    gate.rate.giveBack();
    gate.breaker.withdrawn();
  }

  /**
   * The hosts that are left alone.
   *
   * @param max how many at most
   */
  public List<String> open(int max) {
    return gates.entrySet().stream()
        .filter(each -> each.getValue().breaker.isOpen())
        .map(Map.Entry::getKey)
        .limit(max)
        .toList();
  }

  /** How many calls run. */
  public int running() {
    return running;
  }

  /** How many hosts are remembered. */
  int size() {
    return gates.size();
  }

  private Gate asked(String host) {
    forgetOld();
    Gate gate = gates.remove(host);
    if (gate == null) {
      gate = new Gate(settings, clock);
    }
    gate.askedAt = clock.nanos();
    gates.putLast(host, gate);
    return gate;
  }

  private Gate end(String host) {
    Gate gate = gates.get(normal(host));
    if (gate == null || gate.running == 0) {
      throw new IllegalStateException("no call to " + host + " has begun");
    }
    gate.running--;
    running--;
    return gate;
  }

  /** Two at a time, the oldest: more than can come. */
  private void forgetOld() {
    long now = clock.nanos();
    for (int looks = 0; looks < 2 && !gates.isEmpty(); looks++) {
      Map.Entry<String, Gate> oldest = gates.firstEntry();
      if (oldest.getValue().running > 0) {
        gates.putLast(oldest.getKey(), oldest.getValue()); // not the one in the way of others
      } else if (oldest.getValue().isForgettable(now)) {
        gates.pollFirstEntry();
      } else {
        break;
      }
    }
    if (gates.size() - running >= maxHosts) {
      forgetTenth();
    }
  }

  private void forgetTenth() {
    int many = Math.max(1, maxHosts / 10);
    Iterator<Gate> all = gates.values().iterator();
    while (many > 0 && all.hasNext()) {
      if (all.next().running == 0) {
        all.remove();
        many--;
      }
    }
  }

  /** The same for all ways to write it. */
  static String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** One host's. */
  private static final class Gate {
    private final JobRate rate;
    private final CircuitBreaker breaker;
    private int running;
    private long askedAt;

    private Gate(QueueSettings settings, Clock clock) {
      this.rate = new JobRate(settings.hostRate(), clock);
      this.breaker = new CircuitBreaker(clock);
    }

    private Admission tryBegin(QueueSettings settings) {
      Admission admission = breaker.ask();
      if (!(admission instanceof Admission.Go)) {
        return admission;
      }
      if (running >= settings.hostWorkers()) {
        return new Admission.Busy();
      }
      Duration wait = rate.tryTake();
      if (wait.isPositive()) {
        return new Admission.Later(wait);
      }
      running++;
      breaker.begun();
      return admission;
    }

    private boolean isForgettable(long now) {
      return running == 0
          && rate.isFresh()
          && (breaker.isFresh() || now - askedAt > REMEMBERED.toNanos());
    }
  }
}
