package dev.sluice.mesh.api.requests;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Told;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts requests by what their callers were told: {@code sluice_mesh_requests_total}. */
@Singleton
public class RequestCounts {
  private enum Outcomes {
    REPLIED,
    FAILED,
    FAULTY,
    NO_ROOM,
    CONFLICT,
    GIVEN_UP,
    OUT_OF_SERVICE,
    ACCEPTED,
    NOT_IN_TIME,
    UNKNOWN_OP,
    OVERLOADED,
    LOG_FAILED,
    NOT_JOINED,
    DRAINING
  }

  private final Map<Outcomes, Counter> counters = new EnumMap<>(Outcomes.class);

  @Inject
  RequestCounts(MeterRegistry metrics) {
    for (Outcomes each : Outcomes.values()) {
      counters.put(
          each,
          Counter.builder("sluice_mesh_requests")
              .description("Requests, by what their callers were told")
              .tag("outcome", each.name().toLowerCase(Locale.ROOT))
              .register(metrics));
    }
  }

  /** One more was told this of what it asked. */
  public void count(Ask ask, Told told) {
    Counter counter = counters.get(outcome(ask, told));
    if (counter != null) {
      counter.increment();
    }
  }

  private static Outcomes outcome(Ask ask, Told told) {
    return switch (told) {
      case Told.Done(Outcome outcome) -> outcome(outcome);
      case Told.NotInTime _ -> ask.maxWait().isZero() ? Outcomes.ACCEPTED : Outcomes.NOT_IN_TIME;
      case Told.UnknownOp _ -> Outcomes.UNKNOWN_OP;
      case Told.Overloaded _ -> Outcomes.OVERLOADED;
      case Told.LogFailed _ -> Outcomes.LOG_FAILED;
      case Told.NotJoined _ -> Outcomes.NOT_JOINED;
      case Told.Draining _ -> Outcomes.DRAINING;
      case Told.Found _, Told.Unknown _ ->
          throw new IllegalArgumentException("no answer to a request: " + told);
    };
  }

  private static Outcomes outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Replied _ -> Outcomes.REPLIED;
      case Outcome.Failed _ -> Outcomes.FAILED;
      case Outcome.Faulty _ -> Outcomes.FAULTY;
      case Outcome.NoRoom _ -> Outcomes.NO_ROOM;
      case Outcome.Conflict _ -> Outcomes.CONFLICT;
      case Outcome.GivenUp _ -> Outcomes.GIVEN_UP;
      case Outcome.OutOfService _ -> Outcomes.OUT_OF_SERVICE;
    };
  }
}
