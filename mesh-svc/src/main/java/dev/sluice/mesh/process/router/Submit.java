package dev.sluice.mesh.process.router;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.process.Told;

/**
 * Hands a request to the router.
 *
 * @param maxNanos how long the caller will wait for the outcome
 */
record Submit(Request request, long maxNanos, Reply<Told> reply) {}
