package dev.sluice.pool.process;

import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.UnfinishedJob;
import java.util.List;

/** A store that keeps what it is given in memory, for one thread at a time. */
final class Keeping implements JobStore {
  List<UnfinishedJob> kept;

  Keeping(UnfinishedJob... kept) {
    this.kept = List.of(kept);
  }

  @Override
  public List<UnfinishedJob> load() {
    return kept;
  }

  @Override
  public void save(List<UnfinishedJob> jobs) {
    kept = jobs;
  }

  @Override
  public void clear() {
    kept = List.of();
  }
}
