package dev.sluice.pool.process;

import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.model.QueueView;
import java.util.List;

/**
 * A queue and all that is known of it.
 *
 * @param queue as it is stored
 * @param counts how many jobs are where
 * @param waitingSubmits how many submits wait for room in this instance
 * @param waitingLeases how many workers wait for jobs in this instance
 * @param calls push: how many calls run in this instance
 * @param openBreakers push: hosts that are left alone at the moment; of many the first 100
 */
public record QueueLook(
    QueueView queue,
    QueueCounts counts,
    int waitingSubmits,
    int waitingLeases,
    int calls,
    List<String> openBreakers) {}
