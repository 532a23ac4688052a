package dev.sluice.mesh.process;

import dev.sluice.mesh.model.Request;
import java.time.Duration;

/**
 * Asks the owner of a key for something.
 *
 * @param maxWait how long the caller will wait for the reply; zero: until it is accepted, then
 *     {@link Told.NotInTime}
 */
public record Ask(Request request, Duration maxWait) {}
