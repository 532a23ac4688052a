package dev.sluice.market.books;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How quickly two counts grow, measured over the last second. */
final class Rate {
  private static final long SPAN = Duration.ofSeconds(1).toNanos();
  private static final int MOST = 64;

  private record Sample(long at, long in, long out) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  Rate(long now) {
    samples.add(new Sample(now, 0, 0));
  }

  void sample(long now, long in, long out) {
    long at = now;
    if (samples.size() > 1 && now - samples.getLast().at < SPAN / 50) {
      at = samples.removeLast().at; // many processes tell of one stage: fifty samples are enough
    }
    samples.addLast(new Sample(at, in, out));
    forget(now);
  }

  double in(long now) {
    forget(now);
    return perSecond(samples.getLast().in - samples.getFirst().in, now);
  }

  double out(long now) {
    forget(now);
    return perSecond(samples.getLast().out - samples.getFirst().out, now);
  }

  /** Keeps the latest that is older than the span: the rate is measured from there. */
  private void forget(long now) {
    while (samples.size() > 1 && (second().at - (now - SPAN) <= 0 || samples.size() > MOST)) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    var each = samples.iterator();
    each.next();
    return each.next();
  }

  private double perSecond(long many, long now) {
    long span = now - samples.getFirst().at;
    return span <= 0 ? 0 : many * 1e9 / span;
  }
}
