package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.process.Link;

/** A worker has dialled. */
record Hello(WorkerHello hello, Link<ToWorker, FromWorker> link) {}
