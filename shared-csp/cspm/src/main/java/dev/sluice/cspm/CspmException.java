package dev.sluice.cspm;

/**
 * A script is not CSPm, is outside the part of it that is understood here, or means nothing (a
 * number where a process is needed). The message begins with file and line where they are known,
 * and says what was expected.
 */
public final class CspmException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CspmException(String message) {
    super(message);
  }

  CspmException(Position at, String message) {
    super(at + ": " + message);
  }
}
