package dev.sluice.mesh.process;

import org.jspecify.annotations.Nullable;

/**
 * What can be set of a worker.
 *
 * @param launch what its launcher gave it; 0 when nobody launched it
 * @param window how many deliveries of one router it takes that it has not answered
 */
public record WorkerSettings(
    String name, String group, long launch, @Nullable Long pid, int window) {}
