package dev.sluice.pool.process;

import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.Submitted;

/** What the dispatcher counts; owned by it. */
final class Tally {
  long accepted;
  long existing;
  long refusedFull;
  long refusedOverloaded;
  long leased;
  long handedBack;
  long scheduled;
  long missed;
  private long succeeded;
  private long failed;
  private long cancelled;
  private long retried;

  void submitted(Submitted what) {
    switch (what) {
      case Submitted.Accepted _ -> accepted++;
      case Submitted.Existing _ -> existing++;
      case Submitted.Full _ -> refusedFull++;
      case Submitted.Mismatch _, Submitted.WrongKind _, Submitted.TooManyQueues _ -> {}
    }
  }

  private long leasedByPush;
  private long handedBackByPush;

  /** What push queues have counted. */
  void leasedByPush(long jobs, long back) {
    leasedByPush = jobs;
    handedBackByPush = back;
  }

  void changed(Change change) {
    if (change.isFinish()) {
      finished(change.to());
    } else if (change.from() == JobState.RUNNING && change.to() == JobState.RETRYING) {
      retried++;
    }
  }

  private void finished(JobState how) {
    switch (how) {
      case SUCCEEDED -> succeeded++;
      case FAILED -> failed++;
      case CANCELLED -> cancelled++;
      case SCHEDULED, BLOCKED, QUEUED, RUNNING, RETRYING -> {}
    }
  }

  PoolCounts.Events events() {
    return new PoolCounts.Events(
        accepted,
        existing,
        refusedFull,
        refusedOverloaded,
        leased + leasedByPush,
        handedBack + handedBackByPush,
        succeeded,
        failed,
        cancelled,
        retried,
        scheduled,
        missed);
  }
}
