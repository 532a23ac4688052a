package dev.sluice.pool.store;

import java.util.List;

/** Where unfinished jobs are kept from one run of the service to the next. */
public interface JobStore {

  /**
   * The jobs that were saved last and have not been cleared; oldest first.
   *
   * @throws JobStoreException they cannot be read; names the place and what is wrong with it
   */
  List<UnfinishedJob> load();

  /**
   * Keeps these jobs in place of those that are there. When the call returns they outlast a crash
   * of the machine; when it throws, those before are still there. An interrupt does not disturb it.
   *
   * @throws JobStoreException they cannot be written; names the place and what is wrong with it
   */
  void save(List<UnfinishedJob> jobs);

  /** Forgets what is there: all of it has been done. When it cannot, it says so in the log. */
  void clear();
}
