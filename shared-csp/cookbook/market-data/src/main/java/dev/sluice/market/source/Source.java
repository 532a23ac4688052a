package dev.sluice.market.source;

/** Sends ticks. Its process belongs to it alone. */
public interface Source {
  /** {@return what it is called; unique in a pipeline} */
  String name();

  /** {@return whether it sends by market time, asking for each step of it ({@link Feed#step})} */
  default boolean goesInStep() {
    return false;
  }

  /**
   * Sends until there is nothing more to send, or until {@link Feed#isStopped}.
   *
   * @param feed where to
   * @throws Exception the pipeline fails
   */
  void run(Feed feed) throws Exception;
}
