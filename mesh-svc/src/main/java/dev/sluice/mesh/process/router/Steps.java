package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.process.MeshStep;
import dev.sluice.mesh.process.MeshTrace;

/** Tells the trace of the router's steps; costs next to nothing when nobody listens. */
final class Steps {
  private final String router;
  private final MeshTrace trace;
  private final boolean isOn;

  Steps(String router, MeshTrace trace) {
    this.router = router;
    this.trace = trace;
    this.isOn = trace != MeshTrace.NONE;
  }

  void restart(Line line) {
    if (isOn) {
      trace.step(line.slice, new MeshStep.Restart(router));
    }
  }

  void accept(Entry entry) {
    if (isOn && !entry.isRecovered) {
      trace.step(entry.line.slice, new MeshStep.Accept(router, entry.request.id()));
    }
  }

  void deliver(Entry entry, WorkerId worker) {
    if (isOn) {
      Line line = entry.line;
      trace.step(line.slice, new MeshStep.Deliver(router, worker, line.epoch, entry.request.id()));
    }
  }

  void takeBack(Entry entry) {
    if (isOn) {
      trace.step(entry.line.slice, new MeshStep.TakeBack(router, entry.request.id()));
    }
  }

  void answer(Entry entry, WorkerId worker) {
    if (isOn) {
      Line line = entry.line;
      trace.step(line.slice, new MeshStep.Answer(router, worker, line.epoch, entry.request.id()));
    }
  }

  void drop(Entry entry, WorkerId worker, long epoch) {
    if (isOn) {
      trace.step(entry.line.slice, new MeshStep.Drop(router, worker, epoch, entry.request.id()));
    }
  }

  /** Of one whose turn has not come, nothing has been told yet. */
  void giveUp(Entry entry) {
    if (isOn && entry.hasTurn) {
      trace.step(entry.line.slice, new MeshStep.GiveUp(router, entry.request.id()));
    }
  }
}
