package dev.sluice.mesh.model;

import java.util.Map;

/**
 * What a router has in hand and has done.
 *
 * @param inFlight requests accepted and not answered
 * @param waiting those of them that are with no worker
 * @param logged those of them that are in its log
 * @param accepted requests taken in; a repetition of one in flight is not counted again
 * @param answered those that a worker has answered
 * @param recovered those that came from the log at its start
 * @param givenUp those that were failed after too many deliveries, or as no worker was left
 * @param notInTime callers whose wait has run out
 * @param overloaded requests refused because of a bound; not those that found the inbox full
 * @param redelivered deliveries of a request that had been delivered before
 * @param stale answers dropped because their epoch or incarnation had passed
 * @param workers by name
 */
public record RouterCounts(
    int inFlight,
    int waiting,
    int logged,
    long accepted,
    long answered,
    long recovered,
    long givenUp,
    long notInTime,
    long overloaded,
    long redelivered,
    long stale,
    Map<String, Load> workers) {

  /**
   * What one worker has in hand and has done, of this router's.
   *
   * @param isLinked whether there is a link to it
   * @param inFlight requests delivered to it and not answered
   * @param served requests that it has answered, over all its restarts
   */
  public record Load(boolean isLinked, int inFlight, long served) {}
}
