package dev.sluice.mesh.process;

import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.SendChannel;

/**
 * A worker's ends of its links: all that it has to do with the rest of the mesh.
 *
 * @param commands from the supervisor
 * @param work from the router
 * @param answers to the router
 * @param reports to the supervisor
 * @param beats to the supervisor, off the way of the requests
 */
record WorkerLinks(
    ReceiveChannel<WorkerCommand> commands,
    ReceiveChannel<RouterToWorker> work,
    SendChannel<Answer> answers,
    SendChannel<Report> reports,
    SendChannel<Beat> beats) {}
