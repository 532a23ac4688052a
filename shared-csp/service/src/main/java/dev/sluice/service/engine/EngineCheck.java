package dev.sluice.service.engine;

import dev.sluice.csp.Reply;
import dev.sluice.store.StoreStatus;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Ready means that every process that keeps something has a node of the engine that answers. Each
 * node is named. A service extends it, and says {@code @Readiness} and {@code @Singleton}.
 */
public abstract class EngineCheck implements AsyncHealthCheck {
  private static final String NAME = "store";
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Supplier<SequencedMap<String, Reply<StoreStatus>>> ask;

  /**
   * A check of the service's own engine.
   *
   * @param ask asks every process that keeps something how it finds its engine
   */
  protected EngineCheck(Supplier<SequencedMap<String, Reply<StoreStatus>>> ask) {
    this.ask = ask;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    List<Uni<StoreStatus>> shards =
        ask.get().values().stream()
            .map(Reply::stage)
            .map(stage -> Uni.createFrom().completionStage(stage))
            .toList();
    return Uni.join()
        .all(shards)
        .andFailFast()
        .map(EngineCheck::response)
        .ifNoItem()
        .after(PATIENCE)
        .recoverWithItem(() -> down("a shard does not answer"))
        .onFailure()
        .recoverWithItem(failure -> down(failure.toString()));
  }

  private static HealthCheckResponse response(List<StoreStatus> shards) {
    var response =
        HealthCheckResponse.named(NAME).status(shards.stream().allMatch(StoreStatus::isReady));
    for (StoreStatus shard : shards) {
      shard.nodes().stream()
          .filter(StoreStatus.Node::up)
          .forEach(node -> response.withData(node.name(), "answers"));
    }
    for (StoreStatus shard : shards) { // what is wrong for one shard is what is said
      shard.nodes().stream()
          .filter(node -> !node.up())
          .forEach(node -> response.withData(node.name(), node.reason()));
    }
    return response.build();
  }

  private static HealthCheckResponse down(String reason) {
    return HealthCheckResponse.named(NAME).down().withData("reason", reason).build();
  }
}
