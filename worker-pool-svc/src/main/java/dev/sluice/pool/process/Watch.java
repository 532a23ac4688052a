package dev.sluice.pool.process;

import dev.sluice.csp.ReceiveChannel;
import dev.sluice.pool.model.Change;

/**
 * What happens to a job or a queue, as it happens.
 *
 * @param changes bounded; closed when the watch has ended, also because the reader was too slow:
 *     then it is full when it is closed
 */
public record Watch(ReceiveChannel<Change> changes) {}
