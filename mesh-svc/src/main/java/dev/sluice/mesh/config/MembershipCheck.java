package dev.sluice.mesh.config;

import dev.sluice.mesh.process.Router;
import dev.sluice.mesh.process.RouterLook;
import dev.sluice.mesh.process.Supervisor;
import dev.sluice.mesh.process.Topology;
import dev.sluice.store.StoreStatus;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means that the process can do its part of the mesh: a router has heard who serves what and
 * its log answers, a supervisor has gathered its members.
 */
@Readiness
@Singleton
public class MembershipCheck implements AsyncHealthCheck {
  private static final String NAME = "mesh";
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** Whether one part is ready. */
  private record Part(String name, boolean isReady, String says) {}

  private final Optional<Router> router;
  private final Optional<Topology> topology;

  @Inject
  MembershipCheck(Optional<Router> router, Optional<Topology> topology) {
    this.router = router;
    this.topology = topology;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    var parts = new ArrayList<Uni<List<Part>>>();
    router.ifPresent(own -> parts.add(part("router", own.look().stage(), MembershipCheck::router)));
    topology
        .filter(own -> own instanceof Supervisor) // another's readiness is its own
        .ifPresent(own ->
            parts.add(
                part(
                    "supervisor",
                    own.view(),
                    view ->
                        List.of(
                            new Part(
                                "supervisor",
                                !view.isGathering(),
                                view.isGathering() ? "waits for members" : "gives shards")))));
    return parts.isEmpty()
        ? Uni.createFrom().item(HealthCheckResponse.up(NAME))
        : Uni.join().all(parts).andFailFast().map(MembershipCheck::response);
  }

  private static List<Part> router(RouterLook look) {
    StoreStatus log = look.log();
    var parts = new ArrayList<Part>();
    parts.add(
        new Part(
            "router",
            look.isJoined(),
            look.isJoined() ? "has joined" : "has not heard who serves what"));
    parts.add(
        new Part(
            "log",
            log.isReady(),
            log.nodes().stream()
                .filter(node -> !node.up())
                .map(StoreStatus.Node::reason)
                .findFirst()
                .orElse("answers")));
    return parts;
  }

  private static <T> Uni<List<Part>> part(
      String name, CompletionStage<T> look, java.util.function.Function<T, List<Part>> says) {
    return Uni.createFrom()
        .completionStage(look)
        .map(says)
        .ifNoItem()
        .after(PATIENCE)
        .recoverWithItem(() -> List.of(new Part(name, false, "does not answer")))
        .onFailure()
        .recoverWithItem(failure -> List.of(new Part(name, false, failure.toString())));
  }

  private static HealthCheckResponse response(List<List<Part>> all) {
    var response = HealthCheckResponse.named(NAME).up();
    for (List<Part> parts : all) {
      for (Part part : parts) {
        response.withData(part.name(), part.says());
        if (!part.isReady()) {
          response.down();
        }
      }
    }
    return response.build();
  }
}
