package dev.sluice.pool.api.queues;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How many jobs an order to a queue has moved or deleted.
 *
 * @param jobs how many
 */
@Schema(name = "JobCount")
public record CountAnswer(int jobs) {}
