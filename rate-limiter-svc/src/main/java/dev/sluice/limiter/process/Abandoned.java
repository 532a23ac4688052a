package dev.sluice.limiter.process;

/**
 * Whoever has asked has gone away before the decision: its place in the line is free.
 *
 * @param request what it had asked
 */
record Abandoned(Acquire request) implements LimiterMessage {

  @Override
  public void fail(Throwable reason) {
    // nobody waits for an answer to this
  }
}
