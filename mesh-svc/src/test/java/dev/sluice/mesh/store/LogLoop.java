package dev.sluice.mesh.store;

import dev.sluice.csp.Clock;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.RequestLog.Accepted;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program that accepts requests, many at a time, and finishes every other one, until it is
 * killed. It says what it has been told, {@code kept NUMBER}, and what it is about to do, {@code
 * finishing NUMBER}.
 */
public final class LogLoop {
  private static final int AT_ONCE = 50;

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final RequestLog log;
  private long next;

  private LogLoop(RequestLog.Engine engine, long first) {
    log = engine.open("r-0", () -> wakes.add(true));
    next = first;
  }

  /**
   * Runs it.
   *
   * @param arguments the file, and the number of the first request
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (var file =
        new SqliteFixture(Path.of(arguments[0]), Clock.system(), LogSettings.DEFAULTS)) {
      new LogLoop(file.engine(), Long.parseLong(arguments[1])).run();
    }
  }

  static Request request(long number) {
    return new Request("r-" + number, "k-" + number % 7, "echo", "{\"n\":" + number + "}", true);
  }

  static Outcome outcome(long number) {
    return new Outcome.Replied(1, "w-1", 2, "" + number);
  }

  private void run() throws InterruptedException {
    log.recover();
    for (int i = 0; i < AT_ONCE; i++) {
      accept();
    }
    while (true) {
      log.flush();
      wakes.take();
      log.collect();
    }
  }

  private void accept() {
    long number = next++;
    log.accept(
        request(number),
        told -> {
          if (told instanceof Accepted.Kept) {
            System.out.println("kept " + number);
            if (number % 2 == 0) {
              System.out.println("finishing " + number);
              log.finish("r-" + number, outcome(number));
            }
          }
          accept();
        });
  }
}
