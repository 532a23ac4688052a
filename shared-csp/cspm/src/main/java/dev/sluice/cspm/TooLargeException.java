package dev.sluice.cspm;

/** A process has more states than are looked at. */
final class TooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooLargeException(String what, int limit) {
    super(what + " has more than " + limit + " states");
  }
}
