package dev.sluice.bench;

import java.util.List;

/** Makes the channels of one contestant. */
interface Medium<P extends Pipe> {

  /** A new channel; 0 is a rendezvous. */
  P pipe(int capacity);

  /**
   * The process that selects over those channels until it has received and sent {@code values} in
   * all; answers the sum of what it received.
   */
  default Crew.Body selecting(List<P> from, List<P> to, int values) {
    throw new UnsupportedOperationException("there is no select");
  }
}
