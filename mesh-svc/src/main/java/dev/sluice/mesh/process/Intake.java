package dev.sluice.mesh.process;

import dev.sluice.csp.ReceiveChannel;
import java.util.function.Function;

/** How what others say comes to the supervisor's process, which itself waits for none of them. */
interface Intake {

  /**
   * Brings all that comes over a link, in its order.
   *
   * @param name of the link
   * @param end brought last, when the link has ended
   */
  <T> void read(
      String name,
      ReceiveChannel<T> in,
      Function<T, SupervisorMessage> message,
      SupervisorMessage end);

  /** Brings a message that must not be lost; may be called by any thread. */
  void bring(SupervisorMessage message);
}
