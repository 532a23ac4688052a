package dev.sluice.mesh.process;

import dev.sluice.csp.Reply;
import java.time.Duration;

/**
 * Hands a request to the router.
 *
 * @param maxWait how long the caller will wait for the outcome
 */
record Submit(Request request, Duration maxWait, Reply<Outcome> reply) {}
