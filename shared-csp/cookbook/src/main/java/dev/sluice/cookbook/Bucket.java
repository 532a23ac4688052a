package dev.sluice.cookbook;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Timer;
import dev.sluice.csp.patterns.Gcra;
import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.csp.patterns.TokenBucket;
import dev.sluice.csp.patterns.TokenBucket.Token;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Task 13: a hundred requests a second, ten at once, by a bucket that is a buffered channel.
 *
 * <p>A request takes a token out, and waits when there is none; a process puts one in every ten
 * milliseconds and does not wait: what a full bucket does not hold is lost. Nothing is counted, so
 * there is nothing to lock; and waiting for a token is waiting for a channel, so cancelling ends it
 * as it ends any other.
 *
 * <pre>
 *   filler --a token every 10 ms--> [10] --> requests
 * </pre>
 *
 * <p>Beside it the same limiter as arithmetic, two numbers instead of a process and a channel: what
 * a service keeps for each of a million keys.
 *
 * <p>The JDK has no rate limiter. A {@code java.util.concurrent.Semaphore} that a scheduled task
 * releases comes near: take it where no scope is at hand; but it counts past the burst unless the
 * task looks first, and cannot be waited for beside anything else.
 */
final class Bucket {
  private static final RateLimit LIMIT = new RateLimit(100, Duration.ofSeconds(1), 10);

  private Bucket() {}

  static void run(PrintStream out) throws InterruptedException {
    var clock = Clock.system();
    Duration period = Duration.ofSeconds(1);
    try (var scope = Scope.open("bucket", clock)) {
      long start = clock.nanos();
      var bucket = TokenBucket.start(scope, "tokens", LIMIT);
      int granted = count(bucket.tokens(), period, clock);
      Duration taken = Duration.ofNanos(clock.nanos() - start);
      out.println("the channel gave " + granted + " tokens in " + taken.toMillis() + " ms");
      Check.that(granted <= most(taken), "at most burst + rate * time + 1");
    }
    out.println("the arithmetic gave " + countByArithmetic(period) + " in 1000 ms");
    Check.equal(110, countByArithmetic(period), "ten at once, then a hundred");
  }

  /** Takes as many tokens as there are within the period. */
  private static int count(ReceiveChannel<Token> tokens, Duration period, Clock clock)
      throws InterruptedException {
    try (var timer = Timer.start(period, clock)) {
      var select = Select.prioritised(clock);
      var end = select.receive(timer.channel());
      select.receive(tokens);
      int taken = 0;
      while (select.await() != end) {
        taken++;
      }
      return taken;
    }
  }

  /** Asks every millisecond; no time passes for it. */
  private static int countByArithmetic(Duration period) {
    var bucket = new Gcra(LIMIT, 0);
    int granted = 0;
    for (long millis = 0; millis <= period.toMillis(); millis++) {
      while (bucket.tryTake(1, Duration.ofMillis(millis).toNanos())) {
        granted++;
      }
    }
    return granted;
  }

  private static long most(Duration time) {
    return LIMIT.burst() + LIMIT.rate() * time.toNanos() / LIMIT.per().toNanos() + 1;
  }
}
