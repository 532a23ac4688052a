package dev.sluice.mesh.process;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import java.time.Duration;

/** What the supervisor's process is told and asked. */
sealed interface SupervisorMessage {

  /** A worker has dialled. */
  record WorkerDials(WorkerJoin join, Link<WorkerOrder, WorkerReport> link)
      implements SupervisorMessage {}

  /** A router has dialled. */
  record RouterDials(RouterJoin join, Link<RouterOrder, RouterReport> link)
      implements SupervisorMessage {}

  /** Some member has dialled, to beat. */
  record BeatsDial(Link<BeatAck, Beat> link) implements SupervisorMessage {}

  /** A sign of life, which is acknowledged over the link it came by. */
  record Beaten(Link<BeatAck, Beat> link, Beat beat) implements SupervisorMessage {}

  /** That link has ended. */
  record BeatsEnd(Link<BeatAck, Beat> link) implements SupervisorMessage {}

  /** A worker says something over that control link. */
  record WorkerSays(Outbox<WorkerOrder> from, WorkerReport report) implements SupervisorMessage {}

  /** A router says something over that control link. */
  record RouterSays(Outbox<RouterOrder> from, RouterReport report) implements SupervisorMessage {}

  /** That worker's control link has ended. */
  record WorkerHangsUp(Outbox<WorkerOrder> link) implements SupervisorMessage {}

  /** That router's control link has ended. */
  record RouterHangsUp(Outbox<RouterOrder> link) implements SupervisorMessage {}

  /** A process that was launched has surely ended. */
  record Ended(Launcher.Kind kind, String name, long launch, String reason)
      implements SupervisorMessage {}

  /** Somebody asks how things are. */
  record Look(Reply<MeshView> reply) implements SupervisorMessage {}

  /** Somebody wants to know what happens. */
  record Watch(Reply<Topology.Watch> reply) implements SupervisorMessage {}

  /** Somebody stalls a worker. */
  record Stall(String worker, Duration time, Reply<Boolean> reply) implements SupervisorMessage {}

  /** Somebody kills a worker. */
  record Kill(String worker, Reply<Boolean> reply) implements SupervisorMessage {}
}
