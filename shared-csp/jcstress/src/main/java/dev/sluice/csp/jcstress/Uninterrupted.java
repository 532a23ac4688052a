package dev.sluice.csp.jcstress;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Select;
import org.jspecify.annotations.Nullable;

/** Calls that wait, where nobody interrupts: the actors of jcstress may throw nothing. */
final class Uninterrupted {
  private Uninterrupted() {}

  static <T> void send(Channel<T> channel, T value) {
    try {
      channel.send(value);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  static <T> @Nullable T receiveOrNull(Channel<T> channel) {
    try {
      return channel.receiveOrNull();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  static Select.Case await(Select select) {
    try {
      return select.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
