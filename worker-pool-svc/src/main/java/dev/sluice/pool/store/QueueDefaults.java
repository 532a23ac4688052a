package dev.sluice.pool.store;

import dev.sluice.pool.model.QueueNames;
import dev.sluice.pool.model.QueueSettings;

/**
 * What holds for a queue that nobody has configured.
 *
 * @param pull of any name but {@link #PUSH}
 * @param push of that name
 * @param maxQueues how many queues there may be
 */
public record QueueDefaults(QueueSettings pull, QueueSettings push, int maxQueues) {
  /** The queue of jobs that have a target and name no queue. */
  public static final String PUSH = QueueNames.PUSH;

  /** The queue of jobs that have no target and name no queue. */
  public static final String PULL = QueueNames.PULL;

  /** The settings of a queue of this name. */
  public QueueSettings of(String name) {
    return name.equals(PUSH) ? push : pull;
  }
}
