package dev.sluice.mesh.api.requests;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.sluice.mesh.api.Refusals;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.service.Problem;
import dev.sluice.service.ProblemException;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An accepted request, and what has become of it.
 *
 * @param state {@code in_flight}, or {@code done}: then there is a reply or a problem
 * @param shard the key's shard; not told of a request in flight that is looked for
 * @param worker the shard's owner, who has replied
 * @param epoch of its ownership
 * @param reply JSON
 * @param problem what it has ended with, when it was not run well
 * @param refusal the same
 */
@Schema(name = "MeshAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MeshAnswer(
    String id,
    String key,
    String op,
    @Schema(enumeration = {IN_FLIGHT, DONE}) String state,
    @Nullable Integer shard,
    @Nullable String worker,
    @Nullable Long epoch,
    @JsonRawValue @Schema(implementation = Object.class) @Nullable String reply,
    @Schema(implementation = Object.class) @Nullable Problem problem,
    @JsonIgnore @Schema(hidden = true) @Nullable ProblemException refusal) {
  static final String IN_FLIGHT = "in_flight";
  static final String DONE = "done";

  /** Whether it has been accepted, and not answered yet. */
  public boolean inFlight() {
    return state.equals(IN_FLIGHT);
  }

  static MeshAnswer accepted(Request request, int shard) {
    return new MeshAnswer(
        request.id(), request.key(), request.op(), IN_FLIGHT, shard, null, null, null, null, null);
  }

  static MeshAnswer replied(String id, String key, String op, Outcome.Replied replied) {
    return new MeshAnswer(
        id,
        key,
        op,
        DONE,
        replied.shard(),
        replied.worker(),
        replied.epoch(),
        replied.reply(),
        null,
        null);
  }

  static MeshAnswer found(String id, String key, String op, @Nullable Outcome outcome) {
    return switch (outcome) {
      case null -> new MeshAnswer(id, key, op, IN_FLIGHT, null, null, null, null, null, null);
      case Outcome.Replied replied -> replied(id, key, op, replied);
      case Outcome ended -> ended(id, key, op, Refusals.problem(id, op, ended));
    };
  }

  private static MeshAnswer ended(String id, String key, String op, ProblemException why) {
    return new MeshAnswer(id, key, op, DONE, null, null, null, null, why.problem(null), why);
  }
}
