package dev.sluice.pool.api.queues;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * All queues.
 *
 * @param queues by name
 */
@Schema(name = "Queues")
public record QueuesAnswer(List<QueueAnswer> queues) {}
