package dev.sluice.pool.process.push;

import java.time.Duration;

/** Whether a call to a host may begin. */
public sealed interface Admission {

  /** It may, and counts as begun. */
  record Go() implements Admission {}

  /** Not before a call to this host has ended. */
  record Busy() implements Admission {}

  /**
   * Not yet.
   *
   * @param after how long until it is worth asking again; positive
   */
  record Later(Duration after) implements Admission {}
}
