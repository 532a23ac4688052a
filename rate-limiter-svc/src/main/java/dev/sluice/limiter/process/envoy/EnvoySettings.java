package dev.sluice.limiter.process.envoy;

import java.time.Duration;

/**
 * What can be set of the decisions.
 *
 * @param inbox how many requests may wait for theirs
 * @param checkEvery how often the files are looked at
 * @param shadowMode whether every request passes, whatever is decided of its descriptors
 * @param quotaMode whether every rule is a quota
 * @param calendarMonths whether a month is the calendar's, in UTC, instead of 30 days
 * @param nearLimitRatio from which part of a limit on a hit is near it: 0 to 1
 */
public record EnvoySettings(
    int inbox,
    Duration checkEvery,
    boolean shadowMode,
    boolean quotaMode,
    boolean calendarMonths,
    float nearLimitRatio) {}
