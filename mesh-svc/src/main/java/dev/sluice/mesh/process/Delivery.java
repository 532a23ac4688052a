package dev.sluice.mesh.process;

/**
 * One handing of a request to a worker; owned by the router.
 *
 * @param number the worker's answer carries it
 */
record Delivery(long number, Entry entry) {

  /** Whether its answer counts: the request has not been taken back since. */
  boolean counts() {
    return entry.delivery == this;
  }
}
