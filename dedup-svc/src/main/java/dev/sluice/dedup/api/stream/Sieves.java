package dev.sluice.dedup.api.stream;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.dedup.process.Decision;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.process.stream.Debounce;
import dev.sluice.dedup.process.stream.Firsts;
import dev.sluice.dedup.process.stream.OpenStreams;
import dev.sluice.dedup.process.stream.Sieve;
import dev.sluice.dedup.process.stream.Stop;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Problems;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Opens streams: what HTTP and gRPC have in common. */
@Singleton
class Sieves {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Deduplicator deduplicator;
  private final OpenStreams open;
  private final StreamSettings settings;
  private final Inputs inputs;
  private final Clock clock;

  @Inject
  Sieves(
      Deduplicator deduplicator,
      OpenStreams open,
      StreamSettings settings,
      Inputs inputs,
      Clock clock) {
    this.deduplicator = deduplicator;
    this.open = open;
    this.settings = settings;
    this.inputs = inputs;
    this.clock = clock;
  }

  /**
   * Returns the request, which is good.
   *
   * @param others what is wrong with the rest of it
   * @throws ProblemException invalid-input, with all that is wrong
   */
  SieveRequest valid(SieveRequest request, List<FieldError> others) {
    var errors = new ArrayList<>(others);
    inputs.keyError("namespace", request.namespace()).ifPresent(errors::add);
    boolean first = request.mode() == Mode.FIRST;
    duration("ttl", request.ttl(), first, "mode=first", errors).ifPresent(errors::add);
    duration("quiet", request.quiet(), !first, "debouncing", errors).ifPresent(errors::add);
    if (request.extend() && !first) {
      errors.add(new FieldError("extend", null, "is for mode=first"));
    }
    if (errors.isEmpty()) {
      return request;
    }
    throw ProblemException.invalid(errors);
  }

  private Optional<FieldError> duration(
      String field,
      @Nullable Duration value,
      boolean wanted,
      String purpose,
      List<FieldError> errors) {
    if (errors.stream().anyMatch(error -> error.field().equals(field))) {
      return Optional.empty(); // it is there, and not readable
    }
    if (value == null) {
      return wanted
          ? Optional.of(new FieldError(field, null, "is required for " + purpose))
          : Optional.empty();
    }
    if (!wanted) {
      return Optional.of(FieldError.of(field, value, "is for " + purpose));
    }
    Duration max = deduplicator.maxTtl();
    return value.isPositive() && value.compareTo(max) <= 0
        ? Optional.empty()
        : Optional.of(
            FieldError.of(
                field, value, "must be more than 0 and at most " + Durations.format(max)));
  }

  /**
   * Takes a place for a stream, to be given back with {@link #close}.
   *
   * @throws ProblemException overloaded, or draining
   */
  void open() {
    boolean opened;
    try {
      opened = open.tryOpen();
    } catch (ChannelClosedException closed) {
      throw draining();
    }
    if (!opened) {
      throw new ProblemException(
              ProblemType.OVERLOADED, "all " + open.max() + " streams that may be open are open")
          .retryAfter(SOON);
    }
  }

  void close() {
    open.close();
  }

  /**
   * @param owner runs what comes from elsewhere as the owner of the stream
   */
  <T> Sieve<T> sieve(SieveRequest request, Executor owner, Sieve.Outlet<T> outlet) {
    return switch (request.mode()) {
      case FIRST ->
          new Firsts<>(
              deduplicator,
              new Firsts.Window(
                  request.namespace(), Objects.requireNonNull(request.ttl()), request.extend()),
              owner,
              clock,
              outlet);
      case DEBOUNCE_LEADING -> debounce(Debounce.Edge.LEADING, request, owner, outlet);
      case DEBOUNCE_TRAILING -> debounce(Debounce.Edge.TRAILING, request, owner, outlet);
    };
  }

  private <T> Sieve<T> debounce(
      Debounce.Edge edge, SieveRequest request, Executor owner, Sieve.Outlet<T> outlet) {
    var terms =
        new Debounce.Terms(
            edge,
            Objects.requireNonNull(request.quiet()),
            settings.maxPending(),
            settings.maxPendingBytes());
    return new Debounce<>(terms, owner, clock, outlet);
  }

  /** The problem that a stream ends with. */
  static ProblemException problem(Stop stop) {
    ProblemException problem =
        switch (stop.why()) {
          case Stop.Closed() -> draining();
          case Stop.Failed(Throwable failure) -> Problems.of(failure, "stream");
          case Stop.Refused(Decision.StoreFull(String reason, Duration roomIn)) ->
              new ProblemException(ProblemType.STORE_FULL, "no room for another key: " + reason)
                  .retryAfter(roomIn);
          case Stop.Refused(Decision.StoreUnavailable(String reason, Duration retryAfter)) ->
              new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
          case Stop.Refused(Decision other) ->
              throw new IllegalStateException("not an answer to what was asked: " + other);
        };
    return stop.undecided().isEmpty() ? problem : problem.with("undecided", stop.undecided());
  }

  static ProblemException draining() {
    return new ProblemException(
            ProblemType.DRAINING, "the service is stopping, and reads no further")
        .retryAfter(SOON);
  }
}
