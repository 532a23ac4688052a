package dev.sluice.mesh.api.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.mesh.api.mesh.MeshOverview;
import dev.sluice.mesh.model.MeshEvent;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a member or a shard, as JSON.
 *
 * @param group of the worker or the shard
 * @param incarnation which process of the worker
 * @param epoch of the ownership
 * @param target where workers reach the router
 * @param reason why
 * @param silent since the worker's last sign of life
 * @param state what becomes of the worker
 */
@Schema(name = "MeshEvent")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventAnswer(
    @Nullable String worker,
    @Nullable Long incarnation,
    @Nullable String router,
    @Nullable String group,
    @Nullable Integer shard,
    @Nullable Long epoch,
    @Nullable String target,
    @Nullable Long pid,
    @Nullable String reason,
    @Schema(implementation = String.class) @Nullable Duration silent,
    @Nullable String state) {

  /** What the kind of event is called. */
  static String name(MeshEvent event) {
    return switch (event) {
      case MeshEvent.WorkerJoined _ -> "worker_joined";
      case MeshEvent.WorkerFenced _ -> "worker_fenced";
      case MeshEvent.WorkerOutOfService _ -> "worker_out_of_service";
      case MeshEvent.ShardOwned _ -> "shard_owned";
      case MeshEvent.RouterJoined _ -> "router_joined";
      case MeshEvent.RouterLeft _ -> "router_left";
    };
  }

  static EventAnswer of(MeshEvent event) {
    return switch (event) {
      case MeshEvent.WorkerJoined e ->
          new EventAnswer(
              e.worker().name(),
              e.worker().incarnation(),
              null,
              e.group(),
              null,
              null,
              null,
              e.pid(),
              null,
              null,
              null);
      case MeshEvent.WorkerFenced e ->
          new EventAnswer(
              e.worker().name(),
              e.worker().incarnation(),
              null,
              null,
              null,
              null,
              null,
              null,
              e.reason(),
              e.silent(),
              MeshOverview.name(e.next()));
      case MeshEvent.WorkerOutOfService(String worker, String reason) ->
          new EventAnswer(
              worker, null, null, null, null, null, null, null, reason, null, "out_of_service");
      case MeshEvent.ShardOwned e ->
          new EventAnswer(
              e.owner().name(),
              e.owner().incarnation(),
              null,
              e.slice().group(),
              e.slice().shard(),
              e.epoch(),
              null,
              null,
              null,
              null,
              null);
      case MeshEvent.RouterJoined(String router, String target, Long pid) ->
          new EventAnswer(null, null, router, null, null, null, target, pid, null, null, null);
      case MeshEvent.RouterLeft(String router, String reason) ->
          new EventAnswer(null, null, router, null, null, null, null, null, reason, null, null);
    };
  }
}
