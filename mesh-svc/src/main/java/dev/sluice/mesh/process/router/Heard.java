package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.FromWorker;
import java.util.List;

/**
 * What has come over a worker's link.
 *
 * @param messages in their order; none when the link has ended
 */
record Heard(WorkerLink link, List<FromWorker> messages) {}
