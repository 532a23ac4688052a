package dev.sluice.mesh.process.router;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.model.FromWorker;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that reads one worker's link for the router: it waits for the worker, and for the
 * router when that has too much before it, and so makes the worker wait. It ends with the link.
 */
public final class LinkReader {
  private static final int BATCH = 256;

  final WorkerLink link;
  private final ReceiveChannel<FromWorker> in;
  private final SendChannel<Heard> router;

  LinkReader(WorkerLink link, ReceiveChannel<FromWorker> in, SendChannel<Heard> router) {
    this.link = link;
    this.in = in;
    this.router = router;
  }

  /** Runs until the link has ended. */
  public void run() throws InterruptedException {
    try {
      FromWorker first = in.receiveOrNull();
      while (first != null) {
        router.send(new Heard(link, batch(first)));
        first = in.receiveOrNull();
      }
      router.send(new Heard(link, List.of()));
    } catch (ChannelClosedException _) {
      // the router has ended: nobody is to be told
    }
  }

  /**
   * Hands on what is there, for a simulation in which processes take turns.
   *
   * @return whether it has more to do, later
   */
  public boolean turn() {
    FromWorker first = in.tryReceive();
    if (first != null) {
      router.trySend(new Heard(link, batch(first)));
    } else if (in.isClosedForReceive()) {
      router.trySend(new Heard(link, List.of()));
      return false;
    }
    return true;
  }

  private List<FromWorker> batch(FromWorker first) {
    var messages = new ArrayList<FromWorker>();
    messages.add(first);
    in.drainTo(messages, BATCH - 1);
    return messages;
  }
}
