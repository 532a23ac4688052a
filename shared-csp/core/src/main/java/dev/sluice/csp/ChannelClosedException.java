package dev.sluice.csp;

/**
 * A value was sent on, or demanded from, a channel that has been closed.
 *
 * <p>Closing belongs to the sender, so a sender that sees this has sent after somebody's {@link
 * SendChannel#close()}. A receiver sees it from {@link ReceiveChannel#receive()} only; {@link
 * ReceiveChannel#receiveOrNull()} and the loop {@code for (T value : channel)} tell the end without
 * an exception.
 */
public final class ChannelClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /**
   * For who tells it of what stands before or behind a channel, such as a reply that will not come.
   *
   * @param message which channel it is
   */
  public ChannelClosedException(String message) {
    super(message);
  }
}
