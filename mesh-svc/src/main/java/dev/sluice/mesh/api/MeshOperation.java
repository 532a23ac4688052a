package dev.sluice.mesh.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Mesh;
import dev.sluice.mesh.process.Outcome;
import dev.sluice.service.Durations;
import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Runs requests and looks at the mesh: what HTTP and gRPC have in common. */
@Singleton
class MeshOperation {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Mesh mesh;
  private final Inputs inputs;
  private final ObjectMapper json;

  @Inject
  MeshOperation(Mesh mesh, Inputs inputs, ObjectMapper json) {
    this.mesh = mesh;
    this.inputs = inputs;
    this.json = json;
  }

  /**
   * @return the answer; fails with a {@link ProblemException} when there is none
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  CompletionStage<MeshAnswer> request(MeshRequest body) {
    Ask ask = ask(inputs.valid(body));
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
  @Nullable JsonNode payload(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return json.readTree(text);
    } catch (JsonProcessingException broken) {
      throw ProblemException.invalid("payload", text, "must be JSON");
    }
  }

  private Ask ask(MeshRequest valid) {
    String id = valid.id();
    return new Ask(
        id == null ? UUID.randomUUID().toString() : inputs.key("id", id),
        valid.key(),
        valid.op(),
        Objects.requireNonNullElse(valid.payload(), NullNode.getInstance()).toString(),
        valid.maxWait());
  }

  private Reply<Outcome> send(Ask ask) {
    try {
      return mesh.ask(ask);
    } catch (Ask.Invalid invalid) {
      throw ProblemException.invalid(invalid.field(), shown(invalid.value()), invalid.allowed());
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the mesh takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private static Object shown(Object value) {
    return value instanceof Duration duration ? Durations.format(duration) : value;
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
      case Outcome.NoRoom noRoom ->
          throw new ProblemException(ProblemType.OVERLOADED, noRoom.reason())
              .with("shard", noRoom.shard())
              .retryAfter(SOON);
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
