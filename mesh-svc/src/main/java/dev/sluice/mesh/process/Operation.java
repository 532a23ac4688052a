package dev.sluice.mesh.process;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a worker can do for a key. It has no state of its own: it is given the key's state and
 * answers the next one, which the worker keeps, moves to the shard's next owner, and loses with its
 * process. It must take much less than a heartbeat, for the worker does one thing at a time.
 */
public interface Operation {

  /** What requests call it by. */
  String name();

  /**
   * Runs one request.
   *
   * @throws IllegalArgumentException it cannot be run: the caller is told the message, which names
   *     no class, and the state stays as it was. Any other exception is a fault of the operation:
   *     what it says goes to the log only.
   * @throws InterruptedException the worker is to end
   */
  Ran run(Call call) throws InterruptedException;

  /**
   * A request to run.
   *
   * @param payload JSON
   * @param state what the operation left behind for this key; null the first time
   * @param lostAt when what was known of the key's shard was last lost; null when it never was. A
   *     key without a state may have had one before that instant
   * @param now the time
   */
  record Call(
      String key, String payload, @Nullable String state, @Nullable Instant lostAt, Instant now) {}

  /**
   * What came of it.
   *
   * @param reply JSON
   * @param state the key's next state; null when it stays as it was
   * @param until from when that state is the same as none, so that it need not be kept; null: never
   */
  record Ran(String reply, @Nullable String state, @Nullable Instant until) {

    /** With a state that is kept for good. */
    public Ran(String reply, @Nullable String state) {
      this(reply, state, null);
    }
  }
}
