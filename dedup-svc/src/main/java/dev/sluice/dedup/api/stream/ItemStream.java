package dev.sluice.dedup.api.stream;

import dev.sluice.csp.Clock;
import dev.sluice.dedup.grpc.DedupStreamItem;
import dev.sluice.dedup.grpc.DedupStreamProblem;
import dev.sluice.dedup.grpc.DedupStreamRequest;
import dev.sluice.dedup.grpc.DedupStreamResponse;
import dev.sluice.dedup.grpc.DedupStreamStart;
import dev.sluice.dedup.process.stream.Item;
import dev.sluice.dedup.process.stream.Sieve;
import dev.sluice.dedup.process.stream.Stop;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Keys;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code DedupStream}. Messages are read as long as the sieve has room for them and the
 * caller takes the answers: a caller that does not read is not read from.
 *
 * <p>Its state belongs to the event loop's context that the call came in on; what comes from
 * elsewhere, as answers do, goes there first.
 */
final class ItemStream
    implements StreamObserver<DedupStreamRequest>, Sieve.Outlet<DedupStreamItem> {
  private static final long LOOK_MILLIS = 1_000;
  private static final String DEFAULT_NAMESPACE = "default";

  /** The most bytes of items that wait or may come, unless it is one item. */
  private static final long WINDOW_BYTES = 1 << 20;

  private final ServerCallStreamObserver<DedupStreamResponse> caller;
  private final Context context;
  private final Sieves sieves;
  private final StreamSettings settings;
  private final int keyBytes;
  private final Clock clock;
  private final BooleanSupplier serving;

  /** Those for which there has been no room yet; as many as were requested, at most. */
  private final Queue<Item<DedupStreamItem>> waiting = new ArrayDeque<>();

  /** Set by the first message. */
  private @Nullable Sieve<DedupStreamItem> sieve;

  /** How many bytes they have. */
  private long waitingBytes;

  /** How many messages may come. */
  private int requested;

  private boolean inputEnded;
  private boolean closing;
  private @Nullable ProblemException reason;
  private boolean over;
  private long read;
  private long answered;
  private long active;
  private long watch;

  private ItemStream(
      ServerCallStreamObserver<DedupStreamResponse> caller,
      Context context,
      Sieves sieves,
      StreamSettings settings,
      int keyBytes,
      Clock clock,
      BooleanSupplier serving) {
    this.caller = caller;
    this.context = context;
    this.sieves = sieves;
    this.settings = settings;
    this.keyBytes = keyBytes;
    this.clock = clock;
    this.serving = serving;
    this.active = clock.nanos();
  }

  /**
   * Begins to read, if one more stream may be open; to be called before the method of the service
   * returns.
   *
   * @param keyBytes the longest key
   * @param serving whether the service is not about to stop
   */
  static ItemStream start(
      ServerCallStreamObserver<DedupStreamResponse> caller,
      Context context,
      Sieves sieves,
      StreamSettings settings,
      int keyBytes,
      Clock clock,
      BooleanSupplier serving) {
    var stream = new ItemStream(caller, context, sieves, settings, keyBytes, clock, serving);
    caller.disableAutoRequest();
    try {
      sieves.open();
    } catch (ProblemException refused) {
      stream.over = true;
      stream.fail(refused);
      return stream;
    }
    caller.setOnReadyHandler(() -> stream.own(stream::ready));
    caller.setOnCancelHandler(() -> stream.own(stream::gone));
    stream.watch = context.owner().setPeriodic(LOOK_MILLIS, _ -> stream.own(stream::look));
    stream.request();
    return stream;
  }

  @Override
  public void onNext(DedupStreamRequest message) {
    own(() -> take(message));
  }

  @Override
  public void onError(Throwable broken) {
    own(this::gone);
  }

  @Override
  public void onCompleted() {
    own(() -> {
      inputEnded = true;
      readOn();
    });
  }

  /** What goes wrong in here is told to the caller, too. */
  private void own(Runnable step) {
    context.runOnContext(_ -> {
      try {
        step.run();
      } catch (RuntimeException fault) {
        finish(fault);
      }
    });
  }

  private void take(DedupStreamRequest message) {
    requested--;
    active = clock.nanos();
    if (closing || over) {
      return;
    }
    try {
      switch (message.getRequestCase()) {
        case START -> begin(message.getStart());
        case ITEM -> take(message.getItem());
        case REQUEST_NOT_SET -> throw invalid("request", "is required");
      }
    } catch (ProblemException wrong) {
      end(wrong);
    }
  }

  private void begin(DedupStreamStart start) {
    if (sieve != null) {
      throw invalid("start", "is there twice");
    }
    SieveRequest request = sieves.valid(request(start), List.of());
    sieve = sieves.sieve(request, this::own, this);
    readOn();
  }

  private static SieveRequest request(DedupStreamStart start) {
    Mode mode =
        switch (start.getMode()) {
          case DEDUP_STREAM_MODE_UNSPECIFIED, DEDUP_STREAM_MODE_FIRST -> Mode.FIRST;
          case DEDUP_STREAM_MODE_DEBOUNCE_TRAILING -> Mode.DEBOUNCE_TRAILING;
          case DEDUP_STREAM_MODE_DEBOUNCE_LEADING -> Mode.DEBOUNCE_LEADING;
          case UNRECOGNIZED -> throw invalid("mode", "is not known");
        };
    return new SieveRequest(
        mode,
        start.hasNamespace() ? start.getNamespace() : DEFAULT_NAMESPACE,
        duration("ttl", start.hasTtl(), start.getTtl()),
        start.getExtend(),
        duration("quiet", start.hasQuiet(), start.getQuiet()));
  }

  private static @Nullable Duration duration(
      String field, boolean isThere, com.google.protobuf.Duration value) {
    return isThere ? ProtoDurations.of(field, value) : null;
  }

  private void take(DedupStreamItem item) {
    if (sieve == null) {
      throw invalid("start", "must come first");
    }
    read++;
    ProblemException problem = complaint(item);
    if (problem == null) {
      int bytes = item.getPayload().size() + item.getId().length();
      waiting.add(new Item<>(read, item.getKey(), item, bytes));
      waitingBytes += bytes;
    } else {
      refuse(item, problem);
    }
    readOn();
  }

  private @Nullable ProblemException complaint(DedupStreamItem item) {
    var errors = new ArrayList<FieldError>();
    String complaint = Keys.complaint(item.getKey(), keyBytes);
    if (complaint != null) {
      errors.add(FieldError.of("item.key", item.getKey(), complaint));
    }
    int payload = item.getPayload().size() + item.getId().length();
    if (payload > settings.maxLine()) {
      errors.add(
          new FieldError(
              "item.payload",
              null,
              "must be at most " + settings.maxLine() + " bytes with the id, but is " + payload));
    }
    return errors.isEmpty() ? null : ProblemException.invalid(errors);
  }

  private void refuse(DedupStreamItem item, ProblemException problem) {
    send(
        DedupStreamResponse.newBuilder()
            .setProblem(
                DedupStreamProblem.newBuilder()
                    .setId(bounded(item.getId()))
                    .setNumber(read)
                    .setStatus(Grpc.status(problem)))
            .build());
  }

  /** An id that was refused for its length is not sent back whole. */
  private static String bounded(String id) {
    return id.substring(0, Math.min(id.length(), 1_024));
  }

  private void ready() {
    active = clock.nanos();
    readOn();
  }

  @Override
  public void readOn() {
    if (closing || over || !caller.isReady()) {
      return;
    }
    if (sieve != null) {
      while (!waiting.isEmpty() && sieve.offer(waiting.element())) {
        waitingBytes -= waiting.remove().bytes();
      }
      sieve.flush();
    }
    if (inputEnded && waiting.isEmpty()) {
      end(null);
    } else if (!inputEnded) {
      request();
    }
  }

  /** Lets as many messages come as there is room for if each is as large as it may be. */
  private void request() {
    long ofWindow = settings.window() - waiting.size() - requested;
    long ofBytes = (WINDOW_BYTES - waitingBytes) / settings.maxLine() - requested;
    long least = waiting.isEmpty() && requested == 0 ? 1 : 0;
    int more = (int) Math.max(least, Math.min(ofWindow, ofBytes));
    if (more > 0) {
      requested += more;
      caller.request(more);
    }
  }

  private void end(@Nullable ProblemException why) {
    closing = true;
    reason = why;
    if (sieve == null) {
      ended();
    } else {
      sieve.end();
    }
  }

  @Override
  public void pass(List<Item<DedupStreamItem>> items, long upTo) {
    if (over) {
      return;
    }
    answered = upTo;
    active = clock.nanos();
    for (Item<DedupStreamItem> item : items) {
      send(DedupStreamResponse.newBuilder().setPassed(item.payload()).build());
    }
  }

  private void send(DedupStreamResponse answer) {
    if (!over && !caller.isCancelled()) {
      caller.onNext(answer);
    }
  }

  @Override
  public void ended() {
    answered = waiting.isEmpty() ? read : waiting.element().number() - 1;
    finish(reason);
  }

  @Override
  public void stopped(Stop stop) {
    finish(Sieves.problem(stop));
  }

  /**
   * @param failure null: it ends well
   */
  private void finish(@Nullable Throwable failure) {
    if (over) {
      return;
    }
    gone();
    if (caller.isCancelled()) {
      return;
    }
    if (failure == null) {
      caller.onCompleted();
    } else {
      fail(failure);
    }
  }

  private void fail(Throwable failure) {
    Throwable told = failure instanceof ProblemException problem ? withFigures(problem) : failure;
    caller.onError(StatusProto.toStatusRuntimeException(Grpc.status(told)));
  }

  /** As metadata, which are text. */
  private ProblemException withFigures(ProblemException problem) {
    ProblemException told = problem.with("items", answered);
    return problem.members().get("undecided") instanceof List<?> undecided
        ? told.with(
            "undecided", undecided.stream().map(String::valueOf).collect(Collectors.joining(",")))
        : told;
  }

  /** Nobody is there any more, or will be. */
  private void gone() {
    if (over) {
      return;
    }
    over = true;
    waiting.clear();
    context.owner().cancelTimer(watch);
    if (sieve != null) {
      sieve.abandon();
    }
    sieves.close();
  }

  /** Every second. */
  private void look() {
    if (over || closing) {
      return;
    }
    boolean pending = sieve != null && sieve.isPending();
    if (!pending && clock.nanos() - active >= settings.idle().toNanos()) {
      end(
          new ProblemException(
              ProblemType.BODY_NOT_IN_TIME,
              "nothing happened for " + Durations.format(settings.idle())));
    } else if (!serving.getAsBoolean()) {
      end(Sieves.draining());
    }
  }

  private static ProblemException invalid(String field, String what) {
    return ProblemException.invalid(List.of(new FieldError(field, null, what)));
  }
}
