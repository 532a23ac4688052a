package dev.sluice.mesh.process.router;

/** What the router counts. */
final class Tally {
  long accepted;
  long answered;
  long recovered;
  long givenUp;
  long notInTime;
  long overloaded;
  long redelivered;
  long stale;
}
