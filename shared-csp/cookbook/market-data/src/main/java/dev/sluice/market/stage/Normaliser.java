package dev.sluice.market.stage;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import dev.sluice.market.books.Entry;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Quote;
import dev.sluice.market.model.Raw;
import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Stage;
import dev.sluice.market.model.Tick;
import java.time.Duration;
import java.util.List;

/**
 * The process that reads the lines of some sources, and tells their gates what it could not read. A
 * verdict that finds no room is added to the next, so gates and normalisers never wait for each
 * other in a circle.
 */
public final class Normaliser {
  private static final Duration VERDICT_EVERY = Duration.ofMillis(10);

  private final int part;
  private final ReceiveChannel<Raw> in;
  private final SendChannel<Quote> out;
  private final List<? extends SendChannel<Verdict>> verdicts;
  private final SendChannel<Entry> books;
  private final Clock clock;
  private final LineParser parser = new LineParser();
  private final Tally tally;
  private final Batch<Raw> batch = new Batch<>();
  private final long[] good;
  private final long[] bad;
  private long nextReport;

  /**
   * A normaliser.
   *
   * @param part which of them
   * @param in from the gates of its sources
   * @param out to the filter; it is not closed, for others send there too
   * @param verdicts to the gates, by the index of the source
   * @param books told what was done
   * @param clock the time
   */
  public Normaliser(
      int part,
      ReceiveChannel<Raw> in,
      SendChannel<Quote> out,
      List<? extends SendChannel<Verdict>> verdicts,
      SendChannel<Entry> books,
      Clock clock) {
    this.part = part;
    this.in = in;
    this.out = out;
    this.verdicts = verdicts;
    this.books = books;
    this.clock = clock;
    this.tally = new Tally(verdicts.size());
    this.good = new long[verdicts.size()];
    this.bad = new long[verdicts.size()];
    this.nextReport = clock.nanos();
  }

  /**
   * Runs until its sources have ended.
   *
   * @throws InterruptedException it was cancelled
   */
  public void run() throws InterruptedException {
    try (var ticker = Ticker.every(VERDICT_EVERY, clock)) {
      var select = Select.fair(clock);
      var next = select.receive(in);
      select.receive(ticker.channel());
      while (true) {
        if (select.await() != next) {
          judge();
          reportNowAndThen();
        } else if (next.isClosed()) {
          report();
          return;
        } else {
          batch.take(next.value(), in, Batch.MOST);
          pass();
        }
      }
    }
  }

  private void pass() throws InterruptedException {
    for (; batch.hasNext(); batch.done()) {
      switch (batch.current()) {
        case RawTick raw -> pass(raw);
        case Probe probe ->
            out.send(probe.by(Stage.NORMALISE, clock.nanos(), tally.of(probe.source())));
      }
    }
  }

  private void pass(RawTick raw) throws InterruptedException {
    int source = raw.source();
    tally.in(source);
    Tick tick = parser.parse(raw);
    if (tick == null) {
      bad[source]++;
      tally.lost(source, Loss.GARBAGE);
    } else {
      good[source]++;
      out.send(tick);
      tally.out(source);
    }
  }

  private void judge() {
    for (int source = 0; source < good.length; source++) {
      if (good[source] + bad[source] > 0
          && verdicts.get(source).trySend(new Verdict(good[source], bad[source]))) {
        good[source] = 0;
        bad[source] = 0;
      }
    }
  }

  private void reportNowAndThen() throws InterruptedException {
    long now = clock.nanos();
    if (now - nextReport >= 0) {
      nextReport = now + Entry.EVERY.toNanos();
      report();
    }
  }

  private void report() throws InterruptedException {
    books.send(new Entry.Progress(Stage.NORMALISE, part, tally.total(0)));
  }

  /** {@return what it has done, when it has ended; what it had in hand is held} */
  public Count count() {
    return Rest.count(tally, batch, raw -> raw instanceof RawTick tick ? tick.source() : -1);
  }
}
