package dev.sluice.mesh.api;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Mesh;
import dev.sluice.mesh.process.Outcome;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.json.JsonInput;
import dev.sluice.service.json.JsonText;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Runs requests and looks at the mesh: what HTTP and gRPC have in common. */
@Singleton
class MeshOperation {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final JsonText NULL = new JsonText("null");

  /** States are never forgotten: there is room for other keys when somebody has made some. */
  private static final Duration LATER = Duration.ofMinutes(1);

  private final Mesh mesh;
  private final Inputs inputs;
  private final JsonInput json;

  @Inject
  MeshOperation(Mesh mesh, Inputs inputs, JsonInput json) {
    this.mesh = mesh;
    this.inputs = inputs;
    this.json = json;
  }

  /**
   * @return the answer; fails with a {@link ProblemException} when there is none
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  CompletionStage<MeshAnswer> request(MeshRequest body) {
    Ask ask = ask(inputs.valid(body, this::broken));
    return send(ask).stage().thenApply(outcome -> answer(ask, outcome));
  }

  /** How the mesh is. */
  CompletionStage<MeshOverview> look() {
    return mesh.view()
        .handle((view, failure) -> {
          if (failure != null) {
            throw new ProblemException(
                    ProblemType.OVERLOADED, "the mesh does not tell now", failure)
                .retryAfter(SOON);
          }
          return MeshOverview.of(view);
        });
  }

  /** The payload of a gRPC request, which is JSON in a string. */
  @Nullable JsonText payload(String text) {
    return text.isEmpty() ? null : json.text("payload", text);
  }

  /** The rules that the types cannot say. */
  private List<FieldError> broken(MeshRequest request) {
    var errors = new ArrayList<FieldError>();
    inputs.keyError("id", request.id()).ifPresent(errors::add);
    String op = request.op();
    if (op != null && !mesh.operations().contains(op)) {
      errors.add(FieldError.of("op", op, "must be one of " + String.join(", ", mesh.operations())));
    }
    Duration wait = request.maxWait();
    Duration max = mesh.maxWait();
    if (wait != null && (!wait.isPositive() || wait.compareTo(max) > 0)) {
      errors.add(
          FieldError.of("wait", wait, "must be more than 0 and at most " + Durations.format(max)));
    }
    return errors;
  }

  private Ask ask(MeshRequest valid) {
    return new Ask(
        Objects.requireNonNullElseGet(valid.id(), () -> UUID.randomUUID().toString()),
        valid.key(),
        valid.op(),
        Objects.requireNonNullElse(valid.payload(), NULL).text(),
        valid.maxWait());
  }

  private Reply<Outcome> send(Ask ask) {
    try {
      return mesh.ask(ask);
    } catch (Ask.Invalid invalid) {
      throw ProblemException.invalid(invalid.field(), invalid.value(), invalid.allowed());
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the mesh takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private static MeshAnswer answer(Ask ask, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Replied(int shard, String worker, long epoch, String reply) ->
          new MeshAnswer(ask.id(), ask.key(), ask.op(), shard, worker, epoch, reply);
      case Outcome.Failed failed ->
          throw new ProblemException(
                  ProblemType.INVALID_INPUT,
                  "op " + ask.op() + " cannot run this: " + failed.reason())
              .with("shard", failed.shard());
      case Outcome.Faulty faulty -> throw faulty.fault();
      case Outcome.NoRoom noRoom ->
          throw new ProblemException(
                  ProblemType.STORE_FULL, "no room for another key: " + noRoom.reason())
              .with("shard", noRoom.shard())
              .retryAfter(LATER);
      case Outcome.Conflict _ ->
          throw new ProblemException(
              ProblemType.CONFLICT,
              "id " + ask.id() + " belongs to a request with another key, op or payload");
      case Outcome.NotInTime(int shard) ->
          throw new ProblemException(
                  ProblemType.NOT_IN_TIME,
                  "no reply within wait; the request stays accepted and may still be run")
              .with("id", ask.id())
              .with("shard", shard);
      case Outcome.Overloaded(String reason) ->
          throw new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(SOON);
      case Outcome.GivenUp(int shard, int workers) ->
          throw new ProblemException(
                  ProblemType.NOT_IN_TIME,
                  "given up: " + workers + " workers got stuck or died while they ran it")
              .with("id", ask.id())
              .with("shard", shard);
      case Outcome.OutOfService(int shard) ->
          throw new ProblemException(ProblemType.OVERLOADED, "every worker is out of service")
              .with("shard", shard)
              .retryAfter(SOON);
    };
  }
}
