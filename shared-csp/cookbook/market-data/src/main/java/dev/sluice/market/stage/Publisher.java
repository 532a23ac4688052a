package dev.sluice.market.stage;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import dev.sluice.market.books.Entry;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Stage;
import java.util.List;
import java.util.Map;

/** The process that hands each bar to each consumer. */
public final class Publisher {
  private final ReceiveChannel<Bar> in;
  private final List<Outlet> outlets;
  private final SendChannel<Entry> books;
  private final Clock clock;
  private long taken;
  private long handed;

  /**
   * A publisher.
   *
   * @param in from the aggregator
   * @param outlets to the consumers; closed at the end
   * @param books told what was done
   * @param clock the time
   */
  public Publisher(
      ReceiveChannel<Bar> in, List<Outlet> outlets, SendChannel<Entry> books, Clock clock) {
    this.in = in;
    this.outlets = List.copyOf(outlets);
    this.books = books;
    this.clock = clock;
  }

  /**
   * Runs until all bars are handed over.
   *
   * @throws InterruptedException it was cancelled
   */
  public void run() throws InterruptedException {
    try (var ticker = Ticker.every(Entry.EVERY, clock)) {
      var select = Select.fair(clock);
      var next = select.receive(in);
      select.receive(ticker.channel());
      while (true) {
        if (select.await() != next) {
          report();
        } else if (next.isClosed()) {
          break;
        } else {
          hand(next.value());
        }
      }
      report();
      outlets.forEach(Outlet::close);
    }
  }

  private void hand(Bar bar) throws InterruptedException {
    taken++;
    for (Outlet outlet : outlets) {
      outlet.offer(bar);
    }
    handed++;
  }

  private void report() throws InterruptedException {
    books.send(new Entry.Progress(Stage.PUBLISH, 0, count()));
    for (int consumer = 0; consumer < outlets.size(); consumer++) {
      books.send(new Entry.Offered(consumer, outlets.get(consumer).count()));
    }
  }

  /** {@return bars: taken from the aggregator, handed to every consumer} */
  public Count count() {
    return new Count(taken, handed, Map.of(), taken - handed);
  }
}
