package dev.sluice.mesh.api;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.process.Told;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import java.time.Duration;
import java.util.List;

/** What is answered to one whose request was not carried out. */
public final class Refusals {
  /** When to come back where nobody knows better. */
  public static final Duration SOON = Duration.ofSeconds(1);

  /** When to come back where somebody has to do something first. */
  private static final Duration LATER = Duration.ofMinutes(1);

  private Refusals() {}

  /** The problem that a caller is told; not to be asked of what is none. */
  public static ProblemException problem(Request request, Told told) {
    return switch (told) {
      case Told.Done(Outcome outcome) -> problem(request.id(), request.op(), outcome);
      case Told.NotInTime(int shard) ->
          new ProblemException(
                  ProblemType.NOT_IN_TIME,
                  "no reply within wait; the request stays accepted and may still be run")
              .with("id", request.id())
              .with("shard", shard);
      case Told.UnknownOp unknown -> unknownOp(request.op(), unknown);
      case Told.Overloaded(String reason) -> overloaded(reason);
      case Told.LogFailed failed -> logFailed(failed).with("id", request.id());
      case Told.NotJoined() ->
          notNow("the router has not heard from the supervisor who serves what, since its start");
      case Told.Draining() -> draining();
      case Told.Unknown() -> unknown(request.id());
      case Told.Found _ -> throw new IllegalStateException("no problem: " + told);
    };
  }

  /** The problem that an accepted request has ended with; not to be asked of a reply. */
  public static ProblemException problem(String id, String op, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed failed ->
          new ProblemException(
                  ProblemType.INVALID_INPUT, "op " + op + " cannot run this: " + failed.reason())
              .with("shard", failed.shard());
      case Outcome.Faulty faulty ->
          new ProblemException(
                  ProblemType.INTERNAL,
                  "op " + op + " has a fault, which the log of " + faulty.worker() + " tells of")
              .with("id", id)
              .with("shard", faulty.shard());
      case Outcome.NoRoom noRoom ->
          new ProblemException(
                  ProblemType.STORE_FULL, "no room for another key: " + noRoom.reason())
              .with("shard", noRoom.shard())
              .retryAfter(LATER);
      case Outcome.Conflict() ->
          new ProblemException(
              ProblemType.CONFLICT,
              "id " + id + " belongs to a request with another key, op or payload");
      case Outcome.GivenUp(int shard, int workers) ->
          new ProblemException(
                  ProblemType.NOT_IN_TIME,
                  "given up: " + workers + " workers got stuck or died while they ran it")
              .with("id", id)
              .with("shard", shard);
      case Outcome.OutOfService(int shard) ->
          new ProblemException(
                  ProblemType.NOT_READY,
                  "every worker that serves op " + op + " is out of service; it was not run")
              .with("shard", shard)
              .retryAfter(LATER);
      case Outcome.Replied _ -> throw new IllegalStateException("no problem: a reply");
    };
  }

  /** Nobody serves the operation. */
  private static ProblemException unknownOp(String op, Told.UnknownOp unknown) {
    return ProblemException.invalid(
        List.of(
            FieldError.of(
                "op",
                op,
                unknown.ops().isEmpty()
                    ? "no worker serves any yet"
                    : "must be one of " + String.join(", ", unknown.ops()))));
  }

  /** The log is not there. */
  public static ProblemException logFailed(Told.LogFailed failed) {
    String accepted =
        failed.isKnownNotAccepted()
            ? "the request was not accepted"
            : "the request may have been accepted: to repeat it with the same id is safe";
    return new ProblemException(
            ProblemType.STORE_UNAVAILABLE, "the request log: " + failed.reason() + "; " + accepted)
        .with("accepted", failed.isKnownNotAccepted() ? "no" : "unknown")
        .retryAfter(SOON);
  }

  /** What a stopping router says to who brings work. */
  public static ProblemException draining() {
    return new ProblemException(
            ProblemType.DRAINING, "the router is stopping, and takes no new requests")
        .retryAfter(SOON);
  }

  /** What is said to one too many. */
  public static ProblemException overloaded(String what) {
    return new ProblemException(ProblemType.OVERLOADED, what).retryAfter(SOON);
  }

  /** What is needed is not there now. */
  public static ProblemException notNow(String why) {
    return new ProblemException(ProblemType.NOT_READY, why).retryAfter(SOON);
  }

  /**
   * Processes of the mesh with another role do this.
   *
   * @param role this one's
   * @param instead what to do
   */
  public static ProblemException otherRole(String role, String instead) {
    return new ProblemException(
            ProblemType.OTHER_ROLE, "this process is a " + role + " of the mesh: " + instead)
        .with("role", role)
        .retryAfter(SOON);
  }

  /** There is no such request. */
  public static ProblemException unknown(String id) {
    return new ProblemException(
        ProblemType.NOT_FOUND,
        "there is no request "
            + id
            + ": it was never accepted, or has been forgotten; outcomes are kept for a time");
  }
}
