package dev.sluice.mesh.process;

import java.util.Map;

/**
 * What the router has in hand and has done.
 *
 * @param inFlight requests accepted and not answered
 * @param waiting those of them that are with no worker
 * @param payloadChars the characters of the payloads in flight
 * @param accepted requests taken in; a repetition of one in flight is not counted again
 * @param answered those that a worker has answered
 * @param givenUp those that were failed after too many deliveries, or as no worker was left
 * @param notInTime callers whose wait has run out
 * @param overloaded requests refused because of a bound
 * @param redelivered deliveries of a request that had been delivered before
 * @param stale answers dropped because their epoch had passed
 * @param workers by name
 */
public record RouterView(
    int inFlight,
    int waiting,
    long payloadChars,
    long accepted,
    long answered,
    long givenUp,
    long notInTime,
    long overloaded,
    long redelivered,
    long stale,
    Map<String, Load> workers) {

  /**
   * What one worker has in hand and has done.
   *
   * @param inFlight requests delivered to it and not answered
   * @param served requests that it has answered, over all its restarts
   */
  public record Load(int inFlight, long served) {}
}
