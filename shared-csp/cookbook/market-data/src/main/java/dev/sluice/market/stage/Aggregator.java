package dev.sluice.market.stage;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import dev.sluice.market.books.Entry;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Quote;
import dev.sluice.market.model.Stage;
import dev.sluice.market.model.Tick;
import java.time.Duration;

/**
 * The process that makes bars of ticks. It owns the time of the windows: they are flushed by its
 * ticker, not by ticks that come.
 *
 * <p><b>Backpressure without a jolt.</b> A window that ends makes as many bars at once as there are
 * symbols. Were no tick taken until the last of them is sent, everything before would stand still
 * and then run, window after window. So while bars wait to be sent, ticks are taken in exchange:
 * for each bar of n ticks that goes, n may come. What is held never grows, and the sources feel the
 * consumer's pace within the window.
 */
public final class Aggregator {
  private static final Duration FLUSH_EVERY = Duration.ofMillis(5);

  private final ReceiveChannel<Quote> in;
  private final SendChannel<Bar> out;
  private final SendChannel<Entry> books;
  private final Clock clock;
  private final Windows windows;
  private final Tally tally;
  private final Batch<Quote> batch = new Batch<>();
  private long inBars;
  private long bars;
  private long credit;
  private long flushed;
  private boolean wasListening = true;
  private long nextReport;

  /**
   * An aggregator.
   *
   * @param sources how many there are
   * @param in from the filter
   * @param out to the publisher; closed at the end
   * @param books told what was done
   * @param clock the time
   * @param windows none open yet
   */
  public Aggregator(
      int sources,
      ReceiveChannel<Quote> in,
      SendChannel<Bar> out,
      SendChannel<Entry> books,
      Clock clock,
      Windows windows) {
    this.in = in;
    this.out = out;
    this.books = books;
    this.clock = clock;
    this.windows = windows;
    this.tally = new Tally(sources);
    this.flushed = clock.nanos();
    this.nextReport = flushed;
  }

  /**
   * Runs until all ticks have come and all bars are sent.
   *
   * @throws InterruptedException it was cancelled
   */
  public void run() throws InterruptedException {
    try (var ticker = Ticker.every(FLUSH_EVERY, clock)) {
      var select = Select.fair(clock);
      var tick = select.receive(ticker.channel());
      var next = select.receive(in);
      var delivery = select.send(out);
      boolean ended = false;
      while (true) {
        while (isDelivering() && out.trySend(windows.closed().element())) {
          sent();
        }
        if (ended && !isDelivering()) {
          break; // the last has just gone, and nothing else would wake it but the ticker
        }
        next.from(ended || (isDelivering() && credit <= 0) ? null : in);
        if (isDelivering()) {
          delivery.value(windows.closed().element()).to(out);
        } else {
          delivery.to(null);
          credit = 0;
        }
        Select.Case happened = select.await();
        if (happened == tick) {
          flush();
        } else if (happened == delivery) {
          sent();
        } else if (next.isClosed()) {
          ended = true;
          windows.flushAll();
        } else {
          take(next.value());
        }
      }
      report();
      out.close();
    }
  }

  private boolean isDelivering() {
    return !windows.closed().isEmpty();
  }

  private void sent() {
    long ticks = windows.sent().count();
    inBars += ticks;
    credit += ticks;
    bars++;
  }

  private void take(Quote first) throws InterruptedException {
    long most = isDelivering() ? Math.min(credit, Batch.MOST) : Batch.MOST;
    batch.take(first, in, (int) most);
    long now = clock.instant().toEpochMilli();
    for (; batch.hasNext(); batch.done()) {
      switch (batch.current()) {
        case Tick each -> add(each, now);
        case Probe probe -> {
          windows.probe(probe.source());
          books.send(
              new Entry.Arrived(
                  probe.by(Stage.AGGREGATE, clock.nanos(), tally.of(probe.source()))));
        }
      }
    }
  }

  private void add(Tick tick, long now) {
    tally.in(tick.source());
    credit--;
    Loss loss = windows.add(tick, now);
    if (loss == null) {
      tally.out(tick.source());
    } else {
      tally.lost(tick.source(), loss);
    }
  }

  private void flush() throws InterruptedException {
    long now = clock.nanos();
    boolean isListening = !isDelivering();
    if (isListening && wasListening) {
      windows.listen(now - flushed);
    }
    wasListening = isListening;
    flushed = now;
    windows.flush(clock.instant().toEpochMilli());
    if (now - nextReport >= 0) {
      nextReport = now + Entry.EVERY.toNanos();
      report();
    }
  }

  private void report() throws InterruptedException {
    books.send(new Entry.Progress(Stage.AGGREGATE, 0, count()));
  }

  /** {@return what it has done with ticks; {@code out}: they are in bars that were sent} */
  public Count count() {
    Count ticks =
        Rest.count(tally, batch, quote -> quote instanceof Tick tick ? tick.source() : -1);
    return new Count(ticks.in(), inBars, ticks.lost(), windows.held() + ticks.held());
  }

  /** {@return how many bars it has sent} */
  public long bars() {
    return bars;
  }
}
