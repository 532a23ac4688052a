package dev.sluice.csp.patterns;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * A rate limiter that is a channel: a buffered channel holds the permits that are there, and a
 * process puts one in at each instant at which one is due. To take a permit is to receive.
 *
 * <pre>
 *   clock --every per / rate--> filler --trySend--> [burst] --> tokens().receive()
 *                                         full: the token is lost
 * </pre>
 *
 * <p>The bucket begins full. The n-th token is due n times {@code per / rate} after the start,
 * exactly. Over any interval t the bucket gives at most {@code burst + rate * t + 1} tokens: one
 * more than {@link Gcra}, because the instants are fixed and do not begin anew when a full bucket
 * is opened.
 *
 * <p>A filler that comes late, because the machine was busy, puts in what has become due meanwhile,
 * but no more than a burst; the rest is lost, as if the bucket had been full. So after the longest
 * stall those who wait get a burst and not all that they have missed, and over any interval it is
 * never more than a second burst beyond the above.
 *
 * <p>Whoever waits is served first come, first served, and may wait with a time limit, or in a
 * {@link Select} beside other things. It costs one process, and one wake-up a token also when
 * nobody asks: for many keys, or for a rate of many thousands a second, take {@link Gcra}.
 */
public final class TokenBucket {

  /** What is received; all are the same. */
  public enum Token {
    /** Permits one request. */
    TOKEN
  }

  /** The largest burst: so many tokens are kept. */
  public static final int MAX_BURST = 65_536;

  private static final long MIN_NANOS_A_TOKEN = 1_000;

  private final RateLimit limit;
  private final Clock clock;
  private final Channel<Token> tokens;

  // Owned by the filler: the next token is due at dueAt + fraction / rate.
  private long dueAt;
  private long fraction;

  private TokenBucket(Scope scope, String name, RateLimit limit) {
    this.limit = limit;
    this.clock = scope.clock();
    this.tokens = scope.port(name, (int) limit.burst()); // anybody takes
    this.dueAt = clock.nanos();
    while (tokens.trySend(Token.TOKEN)) {
      // until it is full
    }
    plan(1);
  }

  /**
   * Starts a full bucket, and its filler as a process of the scope.
   *
   * @param scope where it lives; by its clock it goes
   * @param name the filler's and the channel's name
   * @param limit the terms; a burst of {@value #MAX_BURST} at most, and at most one token a
   *     microsecond
   * @return the bucket, which runs already
   * @throws IllegalArgumentException the burst or the rate is higher, or the name is taken
   * @throws CancellationException the scope has been cancelled
   */
  public static TokenBucket start(Scope scope, String name, RateLimit limit) {
    if (limit.burst() > MAX_BURST) {
      throw new IllegalArgumentException(
          "burst is " + limit.burst() + ", must be at most " + MAX_BURST + " in a channel");
    }
    if (limit.wholeNanos(1) < MIN_NANOS_A_TOKEN) {
      throw new IllegalArgumentException(
          "rate is "
              + limit.rate()
              + " every "
              + limit.per()
              + ", must be at most one token a microsecond in a channel");
    }
    var bucket = new TokenBucket(scope, name, limit);
    scope.start(name, bucket::fill);
    return bucket;
  }

  /**
   * Where the tokens are: {@code receive()} waits for one, {@code tryReceive()} does not wait, a
   * select waits for other things too.
   *
   * @return ends when the scope is cancelled, after the tokens that were there
   */
  public ReceiveChannel<Token> tokens() {
    return tokens;
  }

  private void fill() throws InterruptedException {
    var select = Select.fair(clock);
    var due = select.after(Duration.ZERO);
    try {
      while (true) {
        due.in(Duration.ofNanos(untilNext()));
        select.await();
        putInWhatIsDue();
      }
    } finally {
      tokens.close();
    }
  }

  private void putInWhatIsDue() {
    long now = clock.nanos();
    for (long put = 0; put < limit.burst() && until(now) <= 0; put++) {
      tokens.trySend(Token.TOKEN); // false: the bucket is full
      plan(1);
    }
    skipWhatIsDue(now);
  }

  /** However long ago it was due, that takes a few steps only, and is exact. */
  private void skipWhatIsDue(long now) {
    long per = limit.per().toNanos();
    dueAt += Math.max(0, now - dueAt) / per * per; // those are rate tokens a time
    while (until(now) <= 0) {
      plan(Math.max(1, (now - dueAt) / (limit.wholeNanos(1) + 1))); // not more than are due
    }
  }

  private long untilNext() {
    return until(clock.nanos());
  }

  /** In nanoseconds, rounded up, from now until the next token is due; not positive when it is. */
  private long until(long now) {
    return dueAt - now + (fraction > 0 ? 1 : 0);
  }

  /** Plans the token that comes so many after the one that is planned; at most the rate. */
  private void plan(long tokens) {
    dueAt += limit.wholeNanos(tokens);
    fraction += limit.fraction(tokens);
    if (fraction >= limit.rate()) {
      fraction -= limit.rate();
      dueAt++;
    }
  }
}
