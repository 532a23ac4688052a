package dev.sluice.mesh.process;

import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;

/**
 * Links a process of the mesh with another. Does not wait: a link that cannot be made is one whose
 * {@code in} is closed, now or soon. To dial again is the caller's business.
 */
public interface Dialer {

  /** To the supervisor, from a worker. */
  Link<WorkerReport, WorkerOrder> join(WorkerJoin join);

  /** To the supervisor, from a router. */
  Link<RouterReport, RouterOrder> join(RouterJoin join);

  /** To the supervisor, for the signs of life of any member. */
  Link<Beat, BeatAck> beats();

  /** To a router, from a worker. */
  Link<FromWorker, ToWorker> work(RouterAddress router, WorkerHello hello);
}
