package dev.sluice.pool.store;

import java.util.List;
import org.jboss.logging.Logger;

/** Keeps nothing: what is unfinished when the service stops is lost, and the log says so. */
public final class NoJobStore implements JobStore {
  private static final Logger LOG = Logger.getLogger(NoJobStore.class);

  public NoJobStore() {}

  @Override
  public List<UnfinishedJob> load() {
    return List.of();
  }

  @Override
  public void save(List<UnfinishedJob> jobs) {
    if (!jobs.isEmpty()) {
      LOG.errorf("%d accepted jobs are lost: there is no spool to keep them in", jobs.size());
    }
  }

  @Override
  public void clear() {
    // nothing is there
  }
}
