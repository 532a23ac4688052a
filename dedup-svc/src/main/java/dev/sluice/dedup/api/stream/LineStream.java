package dev.sluice.dedup.api.stream;

import dev.sluice.csp.Clock;
import dev.sluice.dedup.api.stream.LineKey.BadLine;
import dev.sluice.dedup.api.stream.Lines.Line;
import dev.sluice.dedup.process.stream.Item;
import dev.sluice.dedup.process.stream.Sieve;
import dev.sluice.dedup.process.stream.Stop;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Problems;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code POST /dedup/stream}. Input is read as long as the sieve has room and the
 * caller takes the answers; else the request is paused, and TCP holds up whoever sends.
 *
 * <p>Its state belongs to the event loop of its connection; what comes from elsewhere, as answers
 * do, goes there first.
 */
final class LineStream implements Sieve.Outlet<Line> {
  private static final long LOOK_MILLIS = 1_000;

  private final Context context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final StreamParameters parameters;
  private final StreamSettings settings;
  private final Clock clock;
  private final BooleanSupplier serving;
  private final Ending ending;

  private final Lines lines;
  private final Sieve<Line> sieve;
  private final Runnable close;
  private final long watch;

  /** For which the sieve had no room. */
  private @Nullable Item<Line> held;

  /** Whether a piece is not read to its end. */
  private boolean reading;

  private boolean paused;
  private boolean inputEnded;

  /** Nothing more is read: the sieve has been told the end. */
  private boolean closing;

  /** Why no more is read, if not for the end of the input. */
  private @Nullable ProblemException reason;

  /** The response has ended. */
  private boolean over;

  private long read;
  private long passed;
  private long skipped;
  private long answered;
  private long active;

  private LineStream(
      Context context,
      HttpServerRequest request,
      StreamParameters parameters,
      Sieves sieves,
      StreamSettings settings,
      Clock clock,
      BooleanSupplier serving,
      Ending ending) {
    this.context = context;
    this.request = request;
    this.response = request.response();
    this.parameters = parameters;
    this.settings = settings;
    this.clock = clock;
    this.serving = serving;
    this.ending = ending;
    this.lines = new Lines(settings.maxLine());
    this.sieve = sieves.sieve(parameters.sieve(), this::own, this);
    this.close = sieves::close;
    this.active = clock.nanos();
    this.watch = context.owner().setPeriodic(LOOK_MILLIS, _ -> own(this::look));
  }

  /**
   * Begins to read, and answers with the head at once: a caller may want to see it before it sends.
   *
   * @param serving whether the service is not about to stop
   */
  static void start(
      Context context,
      HttpServerRequest request,
      StreamParameters parameters,
      Sieves sieves,
      StreamSettings settings,
      Clock clock,
      BooleanSupplier serving,
      Ending ending) {
    var stream =
        new LineStream(context, request, parameters, sieves, settings, clock, serving, ending);
    try {
      stream.begin();
    } catch (RuntimeException impossible) {
      stream.release(); // its place, too
      throw impossible;
    }
  }

  private void begin() {
    response.setChunked(true);
    response.exceptionHandler(_ -> gone());
    response.closeHandler(_ -> gone());
    response.drainHandler(_ -> guarded(this::drained));
    response.writeHead();
    request.exceptionHandler(_ -> gone());
    request.handler(piece -> guarded(() -> take(piece)));
    request.endHandler(_ -> guarded(this::inputEnds));
    request.resume();
  }

  private void own(Runnable step) {
    context.runOnContext(_ -> guarded(step));
  }

  /** What goes wrong in here is told to the caller, too. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException fault) {
      finish(Problems.of(fault, "POST " + DedupStreamRoute.PATH), answered);
    }
  }

  private void take(Buffer piece) {
    active = clock.nanos();
    if (closing) {
      return; // what comes after the end is not read
    }
    lines.feed(piece.getBytes());
    reading = true;
    readOn();
  }

  private void inputEnds() {
    inputEnded = true;
    readOn();
  }

  private void drained() {
    active = clock.nanos();
    readOn();
  }

  @Override
  public void readOn() {
    if (closing || over) {
      return;
    }
    if (offerAll()) {
      sieve.flush();
      if (inputEnded) {
        end(null);
      } else {
        resume();
      }
    } else {
      pause();
      sieve.flush();
    }
  }

  /**
   * Offers what has come.
   *
   * @return whether all of it has been taken
   */
  private boolean offerAll() {
    if (response.writeQueueFull()) {
      return false;
    }
    if (held != null && !sieve.offer(held)) {
      return false;
    }
    held = null;
    try {
      for (Line line = nextLine(); line != null; line = nextLine()) {
        if (!offer(line)) {
          return false;
        }
      }
      return true;
    } catch (Lines.TooLong tooLong) {
      read++;
      end(bad(tooLong));
      return false;
    } catch (BadLine bad) {
      end(bad(bad));
      return false;
    }
  }

  private @Nullable Line nextLine() throws Lines.TooLong {
    if (reading) {
      Line line = lines.next();
      if (line != null) {
        return line;
      }
      reading = false;
    }
    return inputEnded ? lines.last() : null;
  }

  private boolean offer(Line line) throws BadLine {
    read++;
    if (line.isBlank()) {
      return true;
    }
    String key;
    try {
      key = parameters.key().of(line);
    } catch (BadLine bad) {
      if (parameters.skipBad()) {
        skipped++;
        return true;
      }
      throw bad;
    }
    boolean keep = parameters.sieve().mode() == Mode.DEBOUNCE_TRAILING;
    var item = new Item<>(read, key, keep ? line.copy() : line, line.length());
    if (sieve.offer(item)) {
      return true;
    }
    held = item;
    return false;
  }

  private ProblemException bad(Exception why) {
    return ProblemException.invalid(
            List.of(new FieldError("line " + read, null, String.valueOf(why.getMessage()))))
        .with("badLine", read);
  }

  private void pause() {
    if (!paused && !inputEnded) {
      paused = true;
      request.pause();
    }
  }

  private void resume() {
    if (paused) {
      paused = false;
      request.resume();
    }
  }

  /** Reads no further; what has been read is answered. */
  private void end(@Nullable ProblemException why) {
    closing = true;
    reason = why;
    sieve.end();
  }

  @Override
  public void pass(List<Item<Line>> items, long upTo) {
    if (over) {
      return;
    }
    answered = upTo;
    active = clock.nanos();
    if (!items.isEmpty()) {
      passed += items.size();
      response.write(text(items));
    }
  }

  private static Buffer text(List<Item<Line>> items) {
    int size = 0;
    for (Item<Line> item : items) {
      size += item.bytes() + 1;
    }
    var text = new byte[size];
    int at = 0;
    for (Item<Line> item : items) {
      Line line = item.payload();
      System.arraycopy(line.bytes(), line.from(), text, at, line.length());
      at += line.length();
      text[at++] = '\n';
    }
    return Buffer.buffer(text);
  }

  @Override
  public void ended() {
    // Everything that was read is answered; the line that was the reason is not.
    long upTo = reason != null && reason.members().containsKey("badLine") ? read - 1 : read;
    finish(reason, held == null ? upTo : held.number() - 1);
  }

  @Override
  public void stopped(Stop stop) {
    closing = true;
    finish(Sieves.problem(stop), answered);
  }

  private void finish(@Nullable ProblemException problem, long upTo) {
    if (over) {
      return;
    }
    release();
    ending.end(
        request,
        problem,
        new Ending.Figures(upTo, passed, skipped),
        parameters.summary(),
        inputEnded);
  }

  /** The caller has hung up. */
  private void gone() {
    if (!over) {
      release();
    }
  }

  private void release() {
    over = true;
    closing = true;
    held = null;
    sieve.abandon();
    context.owner().cancelTimer(watch);
    close.run();
  }

  /** Every second. */
  private void look() {
    if (over) {
      return;
    }
    boolean idle = !sieve.isPending() && clock.nanos() - active >= settings.idle().toNanos();
    if (idle && response.writeQueueFull()) {
      Ending.hangUp(request); // nobody would read why
    } else if (idle && !closing) {
      end(idle());
    } else if (!serving.getAsBoolean() && !closing) {
      end(Sieves.draining());
    }
  }

  private ProblemException idle() {
    return new ProblemException(
        ProblemType.BODY_NOT_IN_TIME,
        "nothing came for " + Durations.format(settings.idle()) + ", and nothing was to be sent");
  }
}
