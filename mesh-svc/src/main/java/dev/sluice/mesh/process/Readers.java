package dev.sluice.mesh.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * A process for each link, which reads it and waits for room in the supervisor's inbox: so the one
 * that says much waits, and nobody else. Signs of life have an inbox of their own.
 */
final class Readers implements Intake {
  private final Scope scope;
  private final SendChannel<SupervisorMessage.Beaten> beats;
  private final SendChannel<SupervisorMessage> inbox;

  Readers(
      Scope scope,
      SendChannel<SupervisorMessage.Beaten> beats,
      SendChannel<SupervisorMessage> inbox) {
    this.scope = scope;
    this.beats = beats;
    this.inbox = inbox;
  }

  @Override
  public <T> void read(
      String name,
      ReceiveChannel<T> in,
      Function<T, SupervisorMessage> message,
      SupervisorMessage end) {
    scope.start(
        name,
        () -> {
          for (T value : in) {
            send(message.apply(value));
          }
          send(end);
        });
  }

  @Override
  public void bring(SupervisorMessage message) {
    try {
      scope.start("supervisor.news", () -> send(message));
    } catch (CancellationException ended) {
      // nobody is there any more to learn of it
    }
  }

  private void send(SupervisorMessage message) throws InterruptedException {
    try {
      if (message instanceof SupervisorMessage.Beaten beaten) {
        beats.send(beaten);
      } else {
        inbox.send(message);
      }
    } catch (ChannelClosedException ended) {
      // the supervisor has ended, and its links with it
    }
  }
}
