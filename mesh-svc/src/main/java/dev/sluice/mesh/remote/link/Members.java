package dev.sluice.mesh.remote.link;

import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;
import dev.sluice.mesh.model.RouterJoin;
import dev.sluice.mesh.model.RouterOrder;
import dev.sluice.mesh.model.RouterReport;
import dev.sluice.mesh.model.WorkerJoin;
import dev.sluice.mesh.model.WorkerOrder;
import dev.sluice.mesh.model.WorkerReport;
import dev.sluice.mesh.process.Link;
import dev.sluice.mesh.process.Supervisor;

/** Who takes the links of members, or does not. */
interface Members {
  boolean join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link);

  boolean join(RouterJoin join, Link<RouterOrder, RouterReport> link);

  boolean beats(Link<BeatAck, Beat> link);

  /** A supervisor does. */
  static Members of(Supervisor supervisor) {
    return new Members() {
      @Override
      public boolean join(WorkerJoin join, Link<WorkerOrder, WorkerReport> link) {
        return supervisor.join(join, link);
      }

      @Override
      public boolean join(RouterJoin join, Link<RouterOrder, RouterReport> link) {
        return supervisor.join(join, link);
      }

      @Override
      public boolean beats(Link<BeatAck, Beat> link) {
        return supervisor.beats(link);
      }
    };
  }
}
