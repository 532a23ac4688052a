package dev.sluice.pool.process;

import java.time.Duration;

/**
 * What the pool counts, of this instance and at one instant.
 *
 * @param workers how many calls can be made at once
 * @param waitingSubmits how many submits wait for room
 * @param waitingBytes how many bytes their payloads have
 * @param waitingLeases how many workers wait for jobs
 * @param waitingResults how many requests wait for a result
 * @param watches how many watches there are
 * @param calls how many calls run
 * @param held jobs in hand that wait for their host: it has as many calls as it may, or its rate is
 *     used up
 * @param openBreakers hosts that are left alone
 * @param unsaved outcomes of calls that the engine has not taken yet
 * @param callsMade calls that have ended
 * @param callTime how long they took together
 * @param events what has happened since the start
 */
public record PoolCounts(
    int workers,
    int waitingSubmits,
    long waitingBytes,
    int waitingLeases,
    int waitingResults,
    int watches,
    int calls,
    int held,
    int openBreakers,
    int unsaved,
    long callsMade,
    Duration callTime,
    Events events) {

  /**
   * What has happened since the start, through this instance.
   *
   * @param accepted jobs accepted
   * @param existing submits that were a job there was already
   * @param refusedFull submits refused for want of room
   * @param refusedOverloaded requests refused because as many wait as may
   * @param leased jobs handed out
   * @param handedBack jobs taken back from workers that had gone, or hosts that were busy
   * @param succeeded jobs done
   * @param failed jobs given up
   * @param cancelled jobs that nobody wanted any more
   * @param retried attempts that have failed and are followed by another
   * @param scheduled jobs submitted by schedules
   * @param missed times of schedules for which no job was submitted
   */
  public record Events(
      long accepted,
      long existing,
      long refusedFull,
      long refusedOverloaded,
      long leased,
      long handedBack,
      long succeeded,
      long failed,
      long cancelled,
      long retried,
      long scheduled,
      long missed) {}
}
