package dev.sluice.market.stage;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import dev.sluice.market.MarketObserver;
import dev.sluice.market.books.Entry;
import dev.sluice.market.books.Recent;
import dev.sluice.market.model.Bar;
import java.time.Duration;

/** A process that takes bars and works on each for some time. */
public final class Consumer {
  private final int index;
  private final String name;
  private final ReceiveChannel<Bar> in;
  private final ReceiveChannel<Duration> orders;
  private final SendChannel<Entry> books;
  private final Clock clock;
  private final MarketObserver observer;
  private final Recent endToEnd;
  private Duration work;
  private long freeAt;
  private long taken;

  /**
   * A consumer.
   *
   * @param index which
   * @param name its name
   * @param in its queue
   * @param orders how long it is to take for a bar from now on
   * @param books told what was done
   * @param clock the time
   * @param observer sees each bar
   * @param work how long it takes for a bar at first
   */
  public Consumer(
      int index,
      String name,
      ReceiveChannel<Bar> in,
      ReceiveChannel<Duration> orders,
      SendChannel<Entry> books,
      Clock clock,
      MarketObserver observer,
      Duration work) {
    this.index = index;
    this.name = name;
    this.in = in;
    this.orders = orders;
    this.books = books;
    this.clock = clock;
    this.observer = observer;
    this.endToEnd = new Recent(clock.nanos());
    this.work = work;
    this.freeAt = clock.nanos();
  }

  /**
   * Runs until the last bar is taken.
   *
   * @throws InterruptedException it was cancelled
   */
  public void run() throws InterruptedException {
    try (var ticker = Ticker.every(Entry.EVERY, clock)) {
      var select = Select.fair(clock);
      var next = select.receive(in);
      var order = select.receive(orders);
      var tick = select.receive(ticker.channel());
      var free = select.after(null);
      while (true) {
        long busy = freeAt - clock.nanos();
        next.from(busy > 0 ? null : in);
        free.in(busy > 0 ? Duration.ofNanos(busy) : null);
        Select.Case happened = select.await();
        if (happened == order) {
          work = order.value();
        } else if (happened == tick) {
          report();
        } else if (happened == next) {
          if (next.isClosed()) {
            report();
            return;
          }
          take(next.value());
        }
      }
    }
  }

  private void take(Bar bar) {
    taken++;
    long now = clock.nanos();
    long age = now - bar.born();
    endToEnd.record(age, now);
    observer.delivered(name, bar, age);
    // Late by the machine's doing, it takes the next at once: its pace is what it was told.
    boolean isBehind = now - freeAt < work.toNanos();
    freeAt = (isBehind ? freeAt : now) + work.toNanos();
  }

  private void report() throws InterruptedException {
    long now = clock.nanos();
    books.send(new Entry.Taken(index, taken, endToEnd.percentiles(now)));
  }

  /** {@return how many bars it has taken} */
  public long taken() {
    return taken;
  }
}
