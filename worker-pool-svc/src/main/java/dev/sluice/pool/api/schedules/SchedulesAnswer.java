package dev.sluice.pool.api.schedules;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * All schedules.
 *
 * @param schedules by name
 */
@Schema(name = "Schedules")
public record SchedulesAnswer(List<ScheduleAnswer> schedules) {}
