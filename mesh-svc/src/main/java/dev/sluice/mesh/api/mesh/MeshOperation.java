package dev.sluice.mesh.api.mesh;

import dev.sluice.mesh.api.EdgeSettings;
import dev.sluice.mesh.api.Refusals;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.process.Topology;
import dev.sluice.service.FieldError;
import dev.sluice.service.Keys;
import dev.sluice.service.Limits;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Shows the mesh and hurts it: what HTTP and gRPC have in common. */
@Singleton
public class MeshOperation {
  private static final Duration LONGEST_STALL = Duration.ofHours(1);

  private final Optional<Topology> topology;
  private final EdgeSettings settings;
  private final int keyBytes;

  @Inject
  MeshOperation(Optional<Topology> topology, EdgeSettings settings, Limits limits) {
    this.topology = topology;
    this.settings = settings;
    this.keyBytes = limits.keyBytes();
  }

  /**
   * Who knows the mesh.
   *
   * @throws ProblemException nobody, here
   */
  public Topology topology() {
    return topology.orElseThrow(() ->
        Refusals.otherRole(settings.role(), "ask the supervisor, or a router, how the mesh is"));
  }

  /** How the mesh is; fails with a {@link ProblemException} when that is not to be learnt now. */
  public CompletionStage<MeshView> view() {
    return topology().view().exceptionally(failure -> fail(failure));
  }

  /** Stalls a worker. */
  public CompletionStage<Boolean> stall(StallRequest request) {
    requireChaos();
    var errors = new ArrayList<FieldError>();
    checkWorker(request.worker(), errors);
    checkTime(request.time(), errors);
    if (request.worker() == null || request.time() == null || !errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return found(request.worker(), topology().stall(request.worker(), request.time()));
  }

  /** Kills a worker. */
  public CompletionStage<Boolean> kill(KillRequest request) {
    requireChaos();
    var errors = new ArrayList<FieldError>();
    checkWorker(request.worker(), errors);
    if (request.worker() == null || !errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return found(request.worker(), topology().kill(request.worker()));
  }

  /** The problem that it is to ask in vain. */
  public static <T> T fail(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    throw problem(cause);
  }

  private static ProblemException problem(Throwable cause) {
    if (cause instanceof ProblemException known) {
      return known;
    }
    if (cause instanceof StatusRuntimeException told) {
      Status status = told.getStatus();
      String words = status.getDescription();
      if (status.getCode() == Status.Code.NOT_FOUND && words != null) {
        return new ProblemException(ProblemType.NOT_FOUND, words); // the supervisor's own
      }
    }
    return new ProblemException(
            ProblemType.NOT_READY, "the supervisor does not tell how the mesh is now", cause)
        .retryAfter(Refusals.SOON);
  }

  private static CompletionStage<Boolean> found(String worker, CompletionStage<Boolean> hurt) {
    BiFunction<@Nullable Boolean, @Nullable Throwable, Boolean> told =
        (found, failure) -> {
          if (failure != null) {
            return fail(failure);
          }
          if (!Boolean.TRUE.equals(found)) {
            throw new ProblemException(
                ProblemType.NOT_FOUND,
                "there is no live worker \"" + worker + "\" to which this can be done");
          }
          return true;
        };
    return hurt.handle(told);
  }

  private void requireChaos() {
    if (!settings.chaos()) {
      throw new ProblemException(
          ProblemType.NOT_FOUND, "sluice.mesh.chaos is off: no worker can be stalled or killed");
    }
  }

  private void checkWorker(@Nullable String worker, List<FieldError> errors) {
    String complaint = Keys.complaint(worker, keyBytes);
    if (complaint != null) {
      errors.add(
          worker == null
              ? new FieldError("worker", null, complaint)
              : FieldError.of("worker", worker, complaint));
    }
  }

  private static void checkTime(@Nullable Duration time, List<FieldError> errors) {
    if (time == null) {
      errors.add(new FieldError("for", null, "is required"));
    } else if (!time.isPositive() || time.compareTo(LONGEST_STALL) > 0) {
      errors.add(FieldError.of("for", time, "must be more than 0 and at most 1h"));
    }
  }
}
