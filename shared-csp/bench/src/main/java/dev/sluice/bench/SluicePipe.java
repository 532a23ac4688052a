package dev.sluice.bench;

import dev.sluice.csp.Channel;
import org.jspecify.annotations.Nullable;

/** A channel of Sluice. */
record SluicePipe(Channel<Integer> channel) implements Pipe {

  @Override
  public void send(Integer value) throws InterruptedException {
    channel.send(value);
  }

  @Override
  public Integer receive() throws InterruptedException {
    return channel.receive();
  }

  @Override
  public boolean trySend(Integer value) {
    return channel.trySend(value);
  }

  @Override
  public @Nullable Integer tryReceive() {
    return channel.tryReceive();
  }
}
