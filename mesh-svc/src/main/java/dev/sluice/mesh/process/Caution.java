package dev.sluice.mesh.process;

/** With what a bucket starts of which nobody knows any more how full it was. */
public enum Caution {
  /** With nothing, as of the loss: a crash never grants too much. */
  EMPTY,
  /** With the whole burst: a crash refuses nobody, and may grant a burst too much. */
  FULL
}
