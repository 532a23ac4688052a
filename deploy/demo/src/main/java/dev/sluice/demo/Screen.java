package dev.sluice.demo;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Process;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Ticker;
import java.io.Flushable;
import java.io.IOException;
import java.time.Duration;

/**
 * The process that writes while the demo runs: a line for what happens for the first time, and how
 * far everything is, in one line that is written over (live) or in a new one every second.
 */
final class Screen {

  private static final Duration LIVE = Duration.ofMillis(200);
  private static final Duration PLAIN = Duration.ofSeconds(1);

  private final Channel<Void> end;
  private final Process process;

  private Screen(Channel<Void> end, Process process) {
    this.end = end;
    this.process = process;
  }

  /** Starts it; until it is {@linkplain #close closed} nobody else may write to {@code out}. */
  static Screen start(Scope scope, Appendable out, boolean live, Tally tally) {
    Channel<Void> end = scope.channel("screen-end", 0);
    var pen = new Pen(out, live, tally, scope.clock());
    return new Screen(end, scope.start("screen", () -> pen.write(end)));
  }

  /** Has it write how things stand now, and waits until it has ended. */
  void close() throws InterruptedException {
    end.close();
    process.join();
  }

  /** What the process owns. */
  private static final class Pen {
    private final Appendable out;
    private final boolean live;
    private final Tally tally;
    private final Stopwatch running;
    private int notes;
    private int width;

    Pen(Appendable out, boolean live, Tally tally, Clock clock) {
      this.out = out;
      this.live = live;
      this.tally = tally;
      this.running = Stopwatch.start(clock);
    }

    void write(Channel<Void> end) throws InterruptedException, IOException {
      try (var ticker = Ticker.every(live ? LIVE : PLAIN, running.clock())) {
        var select = Select.prioritised(running.clock());
        var ended = select.receive(end);
        select.receive(ticker.channel());
        while (select.await() != ended) {
          show();
        }
        show();
      } finally {
        if (live) {
          out.append('\n');
        }
      }
    }

    private void show() throws InterruptedException, IOException {
      Tally.Snapshot now = tally.ask();
      for (String note : now.notes().subList(notes, now.notes().size())) {
        line(note);
        out.append('\n');
        width = 0;
      }
      notes = now.notes().size();
      line(Report.progress(now.figures(), running.elapsed()));
      if (!live) {
        out.append('\n');
      }
      if (out instanceof Flushable stream) {
        stream.flush();
      }
    }

    /** Writes a line, on a terminal over the one before. */
    private void line(String text) throws IOException {
      if (live) {
        out.append('\r');
      }
      out.append(text);
      if (live) {
        out.append(" ".repeat(Math.max(0, width - text.length())));
        width = text.length();
      }
    }
  }
}
