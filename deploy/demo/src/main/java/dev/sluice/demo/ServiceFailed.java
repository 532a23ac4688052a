package dev.sluice.demo;

/**
 * A service cannot be reached, or answers what it must not; the message names it and is meant for
 * whoever runs the demo.
 */
public final class ServiceFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  ServiceFailed(String message) {
    super(message);
  }
}
