package dev.sluice.market.stage;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import dev.sluice.market.books.Entry;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Raw;
import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Stage;

/** Ingest: the process that lets a source's ticks in, as its breaker says. */
public final class Gate {
  private final int source;
  private final ReceiveChannel<Raw> in;
  private final ReceiveChannel<Verdict> verdicts;
  private final SendChannel<Raw> out;
  private final SendChannel<Entry> books;
  private final Clock clock;
  private final Breaker breaker;
  private final Tally tally;
  private final Batch<Raw> batch = new Batch<>();
  private BreakerState known = BreakerState.CLOSED;

  /**
   * A gate.
   *
   * @param source the index of its source
   * @param in from the source
   * @param verdicts from the normaliser
   * @param out to the normaliser; it is not closed, for others send there too
   * @param books told what was done
   * @param clock the time
   * @param breaker of the source
   */
  public Gate(
      int source,
      ReceiveChannel<Raw> in,
      ReceiveChannel<Verdict> verdicts,
      SendChannel<Raw> out,
      SendChannel<Entry> books,
      Clock clock,
      Breaker breaker) {
    this.source = source;
    this.in = in;
    this.verdicts = verdicts;
    this.out = out;
    this.books = books;
    this.clock = clock;
    this.breaker = breaker;
    this.tally = new Tally(source + 1);
  }

  /**
   * Runs until the source has ended.
   *
   * @throws InterruptedException it was cancelled
   */
  public void run() throws InterruptedException {
    try (var ticker = Ticker.every(Entry.EVERY, clock)) {
      var select = Select.fair(clock);
      var next = select.receive(in);
      var verdict = select.receive(verdicts);
      var tick = select.receive(ticker.channel());
      while (true) {
        Select.Case happened = select.await();
        if (happened == verdict) {
          breaker.verdict(verdict.value().good(), verdict.value().bad(), clock.nanos());
        } else if (happened == tick) {
          report();
        } else if (next.isClosed()) {
          report();
          return;
        } else {
          batch.take(next.value(), in, Batch.MOST);
          pass(clock.nanos());
        }
        tellState();
      }
    }
  }

  private void pass(long now) throws InterruptedException {
    for (; batch.hasNext(); batch.done()) {
      switch (batch.current()) {
        case RawTick tick -> pass(tick, now);
        case Probe probe -> out.send(probe.by(Stage.INGEST, clock.nanos(), tally.of(source)));
      }
    }
  }

  private void pass(RawTick tick, long now) throws InterruptedException {
    Loss loss = breaker.admit(now);
    tally.in(source);
    if (loss == null) {
      out.send(tick);
      tally.out(source);
    } else {
      tally.lost(source, loss);
    }
  }

  private void tellState() throws InterruptedException {
    if (breaker.state() != known) {
      known = breaker.state();
      books.send(new Entry.BreakerMoved(source, known));
    }
  }

  private void report() throws InterruptedException {
    books.send(new Entry.Progress(Stage.INGEST, source, tally.total(0)));
  }

  /** {@return what it has done, when it has ended; what it had in hand is held} */
  public Count count() {
    return Rest.count(tally, batch, raw -> raw instanceof RawTick ? source : -1);
  }
}
